package dev.slipway.activities.kubernetes.render;

import dev.slipway.activities.registry.DockerConfig;
import dev.slipway.activities.registry.RegistryLogin;
import dev.slipway.activities.store.Secret;
import java.util.Locale;
import java.util.Map;

/**
 * What a cluster pulls the images of one registry with. Pods name it only where their image comes from there, and never its
 * content: another password restarts nothing.
 *
 * @param name of the Secret
 * @param registry as the cluster reaches it: {@code host} or {@code host:port}
 * @param content of {@code .dockerconfigjson}
 */
public record PullSecret(String name, String registry, Secret content) {
    private static final String NAME = "slipway-registry";

    /** @param registry how the cluster reaches Slipway's own */
    public static PullSecret own(String registry, RegistryLogin login) {
        return new PullSecret(NAME, registry, DockerConfig.of(Map.of(registry, login)));
    }

    /** @param registry as in image references */
    public static PullSecret of(String registry, RegistryLogin login) {
        return new PullSecret(name(registry), registry, DockerConfig.of(Map.of(registry, login)));
    }

    /** The name of the Secret for a registry that is not Slipway's own. */
    public static String name(String registry) {
        String word =
                registry.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9.]+", "-").replaceAll("^[-.]+|[-.]+$", "");
        return NAME + "-" + word;
    }

    /** Whether a Secret of this name is one that Slipway makes. */
    public static boolean ours(String name) {
        return name.equals(NAME) || name.startsWith(NAME + "-");
    }

    boolean covers(String image) {
        return image.startsWith(registry + "/");
    }
}
