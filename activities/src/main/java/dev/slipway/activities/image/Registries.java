package dev.slipway.activities.image;

import dev.slipway.activities.outbound.OutboundGuard;
import dev.slipway.activities.registry.PullLogins;
import dev.slipway.activities.registry.RegistryClient;
import dev.slipway.activities.registry.RegistryLogin;
import dev.slipway.activities.registry.RegistrySettings;
import dev.slipway.workflows.application.ImageReference;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * Clients of all registries that images come from: Slipway's own, those of the settings, and any other by its name, anonymously
 * over HTTPS.
 */
public final class Registries {
    private final RegistryClient own;
    private final OutboundGuard guard;
    private final Map<String, RegistryClient> others = new ConcurrentHashMap<>();
    private final Map<String, RegistryClient> pulling = new HashMap<>();
    private final List<RegistrySettings> known;
    private final PullLogins pulls;

    /**
     * A registry of the settings.
     *
     * @param reads as Slipway does
     * @param pulls as clusters do; the same where they have no login of their own
     */
    public record Known(RegistrySettings reads, RegistrySettings pulls) {}

    /** Only the own registry is known, and clusters pull from it as it is pushed to. */
    public Registries(RegistryClient own) {
        this.own = own;
        this.guard = OutboundGuard.unguarded();
        this.known = List.of();
        this.pulls = new PullLogins(own.login(), Map.of());
    }

    /**
     * @param own as Slipway pushes to it, and as clusters pull from it
     * @param guard of registries that only an image's name leads to
     */
    public Registries(RegistryClient ownRegistry, Known own, List<Known> known, OutboundGuard guard) {
        this.own = ownRegistry;
        this.guard = guard;
        this.known =
                Stream.concat(Stream.of(own), known.stream()).map(Known::reads).toList();
        // Who writes its address instead of its name means the same registry.
        others.put(own.reads().address(), ownRegistry);
        known.forEach(one -> others.put(one.reads().name(), configured(one.reads(), guard)));
        if (!own.pulls().equals(own.reads())) {
            pulling.put(own.reads().name(), configured(own.pulls(), guard));
        }
        Map<String, RegistryLogin> logins = new HashMap<>();
        for (Known one : known) {
            if (!one.pulls().equals(one.reads())) {
                pulling.put(one.reads().name(), configured(one.pulls(), guard));
            }
            // A mirror's login is not for the registry that nodes know.
            if (!one.reads().mirrored()) {
                one.pulls().login().ifPresent(login -> logins.put(one.reads().name(), login));
            }
        }
        this.pulls = new PullLogins(own.pulls().login(), logins);
    }

    /** Whoever runs Slipway has named it. */
    public static RegistryClient configured(RegistrySettings settings, OutboundGuard guard) {
        return new RegistryClient(settings, guard.configured(settings.host()));
    }

    public RegistryClient own() {
        return own;
    }

    /** Those of the settings, Slipway's own first, as Slipway reads them. */
    public List<RegistrySettings> known() {
        return known;
    }

    /** Who clusters are when they pull. */
    public PullLogins pulls() {
        return pulls;
    }

    /** As Slipway itself reads the image. */
    public RegistryClient of(ImageReference image) {
        return image.own()
                ? own
                : others.computeIfAbsent(
                        image.registry(), name -> new RegistryClient(RegistrySettings.anonymous(name), guard));
    }

    /** As clusters pull the image. */
    public RegistryClient pulling(ImageReference image) {
        return Optional.ofNullable(pulling.get(image.registry())).orElseGet(() -> of(image));
    }
}
