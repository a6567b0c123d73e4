package dev.slipway.activities.image;

import dev.slipway.activities.registry.RegistryClient;
import dev.slipway.activities.registry.RegistrySettings;
import dev.slipway.workflows.application.ImageReference;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Clients of all registries that images come from: Slipway's own, and any other by its name, anonymously over HTTPS. */
public final class Registries {
    private final RegistryClient own;
    private final Map<String, RegistryClient> others = new ConcurrentHashMap<>();

    public Registries(RegistryClient own) {
        this.own = own;
    }

    public RegistryClient own() {
        return own;
    }

    public RegistryClient of(ImageReference image) {
        return image.own()
                ? own
                : others.computeIfAbsent(
                        image.registry(), name -> new RegistryClient(RegistrySettings.anonymous(name)));
    }
}
