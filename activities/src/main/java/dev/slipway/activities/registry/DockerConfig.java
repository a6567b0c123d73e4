package dev.slipway.activities.registry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.slipway.activities.store.Secret;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;

/**
 * Logins as every program around containers reads them: {@code config.json}, {@code .dockerconfigjson}. Pure.
 *
 * @see <a href="https://kubernetes.io/docs/tasks/configure-pod-container/pull-image-private-registry/">Pull an image from a
 *     private registry</a>
 */
public final class DockerConfig {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String DOCKER_HUB = "docker.io";
    /** What every program that knows Docker Hub's logins looks for. */
    private static final String DOCKER_HUB_KEY = "https://index.docker.io/v1/";

    private DockerConfig() {}

    public static Secret of(Map<String, RegistryLogin> logins) {
        return of(logins, Map.of());
    }

    /**
     * @param logins by the registry, {@code host} or {@code host:port}; {@code docker.io} is Docker Hub
     * @param tokens by the registry, for those that are not signed in to
     */
    public static Secret of(Map<String, RegistryLogin> logins, Map<String, Secret> tokens) {
        Map<String, Object> entries = new TreeMap<>();
        logins.forEach((registry, login) ->
                entries.put(registry.equals(DOCKER_HUB) ? DOCKER_HUB_KEY : registry, Map.of("auth", auth(login))));
        tokens.forEach((registry, token) -> entries.put(registry, Map.of("registrytoken", token.reveal())));
        try {
            return Secret.of(JSON.writeValueAsString(Map.of("auths", entries)));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Texts can always be written", e);
        }
    }

    private static String auth(RegistryLogin login) {
        String pair = login.username() + ":" + login.password().reveal();
        return Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }
}
