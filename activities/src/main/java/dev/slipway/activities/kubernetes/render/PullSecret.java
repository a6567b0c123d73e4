package dev.slipway.activities.kubernetes.render;

import dev.slipway.activities.store.Secret;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;

/**
 * What a cluster pulls the images of one registry with. Pods name it only where their image comes from there, and never its
 * content: another password restarts nothing.
 *
 * @param registry as the cluster reaches it: {@code host} or {@code host:port}
 * @param content of {@code .dockerconfigjson}
 */
public record PullSecret(String registry, Secret content) {
    public static PullSecret of(String registry, String username, Secret password) {
        String pair = username + ":" + password.reveal();
        String auth = Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
        return new PullSecret(
                registry, Secret.of(Serialization.asJson(Map.of("auths", Map.of(registry, Map.of("auth", auth))))));
    }

    boolean covers(String image) {
        return image.startsWith(registry + "/");
    }
}
