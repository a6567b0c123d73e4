package dev.slipway.web.worker;

import dev.slipway.activities.image.Registries.Known;
import dev.slipway.activities.registry.RegistrySettings;
import dev.slipway.activities.registry.Trust;
import dev.slipway.activities.store.Secret;
import dev.slipway.web.SlipwaySettings;
import dev.slipway.web.SlipwaySettings.OtherRegistry;
import dev.slipway.web.SlipwaySettings.Registry;
import dev.slipway.workflows.application.ImageReference;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The registries of the settings, as their clients want them. */
final class ConfiguredRegistries {
    private ConfiguredRegistries() {}

    /** @param address on which Slipway's own answers, the embedded one too */
    static Known own(SlipwaySettings settings, String address) {
        Registry registry = settings.registry();
        RegistrySettings reads = new RegistrySettings(
                ImageReference.OWN_REGISTRY,
                address,
                registry.address() == null || registry.insecure(),
                registry.username(),
                registry.password(),
                trusted(registry.caFile()),
                keys("slipway.registry", ""));
        return new Known(
                reads,
                pulls(reads, registry.pullUsername(), registry.pullPassword(), keys("slipway.registry", "pull-")));
    }

    static List<Known> others(SlipwaySettings settings) {
        List<Known> others = new ArrayList<>();
        for (int i = 0; i < settings.registries().size(); i++) {
            OtherRegistry one = settings.registries().get(i);
            String key = "slipway.registries[" + i + "]";
            RegistrySettings reads = new RegistrySettings(
                    one.address(),
                    one.mirror() == null ? RegistrySettings.host(one.address()) : one.mirror(),
                    one.insecure(),
                    one.username(),
                    one.password(),
                    trusted(one.caFile()),
                    keys(key, ""));
            others.add(new Known(reads, pulls(reads, one.pullUsername(), one.pullPassword(), keys(key, "pull-"))));
        }
        return others;
    }

    private static RegistrySettings pulls(
            RegistrySettings reads, @Nullable String username, @Nullable Secret password, String keys) {
        return username == null
                ? reads
                : new RegistrySettings(
                        reads.name(), reads.address(), reads.insecure(), username, password, reads.trusted(), keys);
    }

    private static String keys(String key, String prefix) {
        return key + "." + prefix + "username, " + key + "." + prefix + "password";
    }

    static List<X509Certificate> trusted(@Nullable Path file) {
        try {
            return file == null ? List.of() : Trust.read(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // It could be read when the settings were checked.
        }
    }
}
