package dev.slipway.activities.image;

import dev.slipway.activities.hash.Sha256;
import dev.slipway.activities.registry.BlobSource;
import dev.slipway.activities.registry.Descriptor;
import dev.slipway.activities.registry.MediaTypes;
import dev.slipway.activities.registry.RegistryClient;
import dev.slipway.activities.registry.RemoteImage;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Composes an image for linux/amd64 and pushes it to one registry. Only what the registry lacks travels: first the manifest is
 * looked for, then each blob. Safe to repeat: the same composition gives the same digest, and a broken push is completed. Memory
 * does not grow with the image; our own layers are kept on disk until they are pushed. See ADR 0010.
 */
public final class ImageComposer {
    /** Goes into build keys: to be changed with anything that changes the bytes of composed images. */
    public static final String VERSION = "slipway-compose-1";

    private static final Set<String> LAYERS =
            Set.of(MediaTypes.OCI_LAYER_TAR, MediaTypes.OCI_LAYER_GZIP, MediaTypes.OCI_LAYER_TAR + "+zstd");

    private final RegistryClient target;
    private final Path spool;

    /** @param spool folder for layers on their way; nothing stays there */
    public ImageComposer(RegistryClient target, Path spool) {
        this.target = target;
        this.spool = spool;
    }

    /**
     * Composes and pushes.
     *
     * @param tag also given to the image; {@code null}: reachable by digest only
     * @throws ProblemException with {@code IMAGE_}, {@code REGISTRY_} and {@code GIT_} codes
     */
    public ComposedImage compose(
            Composition composition, String repository, @Nullable String tag, ComposeListener listener) {
        RemoteImage base = base(composition.base());
        List<SpooledLayer> layers = new ArrayList<>();
        try {
            for (Composition.Layer layer : composition.layers()) {
                SpooledLayer spooled = SpooledLayer.write(layer, spool);
                layers.add(spooled);
                listener.line(spooled.into() + ": " + spooled.files() + (spooled.files() == 1 ? " file, " : " files, ")
                        + spooled.descriptor().size() + " bytes");
            }
            return push(composition, base, layers, repository, tag, listener);
        } catch (IOException e) {
            throw new UncheckedIOException("The layer could not be written to " + spool, e);
        } finally {
            layers.forEach(SpooledLayer::close);
        }
    }

    private static @Nullable RemoteImage base(Composition.@Nullable Base base) {
        return base == null ? null : base.client().image(base.repository(), base.digest(), "linux", "amd64");
    }

    private ComposedImage push(
            Composition composition,
            @Nullable RemoteImage base,
            List<SpooledLayer> layers,
            String repository,
            @Nullable String tag,
            ComposeListener listener) {
        byte[] config = ImageDocuments.config(base, layers, composition.settings());
        Descriptor configBlob = new Descriptor(MediaTypes.OCI_CONFIG, digest(config), config.length);
        List<Descriptor> all = new ArrayList<>(baseLayers(base));
        layers.forEach(layer -> all.add(layer.descriptor()));
        byte[] manifest = ImageDocuments.manifest(configBlob, all);
        String digest = digest(manifest);

        AtomicLong pushed = new AtomicLong();
        LongConsumer sent = bytes -> listener.pushed(pushed.addAndGet(bytes));
        if (target.exists(repository, digest)) {
            listener.line("the registry has " + digest);
        } else {
            pushBase(composition.base(), base, repository, listener, sent);
            for (SpooledLayer layer : layers) {
                pushBlob(repository, layer.descriptor(), () -> Files.newInputStream(layer.file()), listener, sent);
            }
            pushBlob(repository, configBlob, () -> new ByteArrayInputStream(config), listener, sent);
            target.putManifest(repository, digest, MediaTypes.OCI_MANIFEST, manifest);
            listener.line("pushed " + digest);
        }
        if (tag != null) {
            target.putManifest(repository, tag, MediaTypes.OCI_MANIFEST, manifest);
        }
        return new ComposedImage(digest, pushed.get());
    }

    private void pushBase(
            Composition.@Nullable Base base,
            @Nullable RemoteImage image,
            String repository,
            ComposeListener listener,
            LongConsumer sent) {
        if (base == null) {
            return;
        }
        boolean here = base.client() == target;
        for (Descriptor layer : baseLayers(image)) {
            boolean there = target.hasBlob(repository, layer.digest())
                    || (here && target.mount(repository, base.repository(), layer.digest()));
            if (!there) {
                BlobSource source = () -> base.client().openBlob(base.repository(), layer.digest());
                pushBlob(repository, layer, source, listener, sent);
            }
        }
    }

    private void pushBlob(
            String repository, Descriptor blob, BlobSource source, ComposeListener listener, LongConsumer sent) {
        if (target.pushBlob(repository, blob, source, sent)) {
            listener.line("pushed " + blob.digest() + ", " + blob.size() + " bytes");
        }
    }

    /** The base's layers in the words of OCI; the bytes of Docker's are the same. */
    private static List<Descriptor> baseLayers(@Nullable RemoteImage base) {
        if (base == null) {
            return List.of();
        }
        return base.layers().stream().map(ImageComposer::oci).toList();
    }

    private static Descriptor oci(Descriptor layer) {
        if (layer.mediaType().equals(MediaTypes.DOCKER_LAYER_GZIP)) {
            return new Descriptor(MediaTypes.OCI_LAYER_GZIP, layer.digest(), layer.size());
        }
        if (!LAYERS.contains(layer.mediaType()) || layer.size() < 0) {
            throw new ProblemException(Problem.of(
                    ProblemCode.IMAGE_UNSUPPORTED,
                    layer.digest(),
                    "image",
                    layer.digest(),
                    "reason",
                    "layer of type " + layer.mediaType(),
                    "registry",
                    ""));
        }
        return layer;
    }

    private static String digest(byte[] bytes) {
        return "sha256:" + Sha256.hex(bytes);
    }
}
