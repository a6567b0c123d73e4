package dev.slipway.tests.support;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.activities.registry.Descriptor;
import dev.slipway.activities.registry.RegistryClient;
import dev.slipway.activities.registry.RegistrySettings;
import dev.slipway.activities.registry.RemoteManifest;
import dev.slipway.activities.store.Secret;
import dev.slipway.workflows.application.ImageReference;

/** An image of the lab's open registry in another one too. */
public final class CopiedImage {
    private CopiedImage() {}

    /** A client of the lab's registry with a password. */
    public static RegistryClient closed() {
        return new RegistryClient(new RegistrySettings(
                "closed",
                Engines.variable("SLIPWAY_IT_REGISTRY_AUTH"),
                true,
                Engines.variable("SLIPWAY_IT_REGISTRY_AUTH_USER"),
                Secret.of(Engines.variable("SLIPWAY_IT_REGISTRY_AUTH_PASSWORD"))));
    }

    /** @param variable that names the image. @return its digest, under tag {@code 1} of the repository */
    public static String copy(String variable, RegistryClient target, String repository) {
        ImageReference image = ImageReference.parse(Engines.variable(variable));
        RegistryClient source = new RegistryClient(new RegistrySettings("open", image.registry(), true, null, null));
        RemoteManifest manifest =
                source.manifest(image.repository(), image.reference()).orElseThrow();
        blob(source, image.repository(), target, repository, manifest.json().path("config"));
        for (JsonNode layer : manifest.json().path("layers")) {
            blob(source, image.repository(), target, repository, layer);
        }
        return target.putManifest(repository, "1", manifest.mediaType(), manifest.bytes());
    }

    private static void blob(
            RegistryClient source, String from, RegistryClient target, String repository, JsonNode blob) {
        String digest = blob.path("digest").asText();
        Descriptor descriptor = new Descriptor(
                blob.path("mediaType").asText(), digest, blob.path("size").asLong());
        target.pushBlob(repository, descriptor, () -> source.openBlob(from, digest), sent -> {});
    }
}
