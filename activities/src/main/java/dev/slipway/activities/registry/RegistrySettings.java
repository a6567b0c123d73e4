package dev.slipway.activities.registry;

import dev.slipway.activities.store.Secret;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How to reach one registry.
 *
 * @param name as written in image references: {@code docker.io}, {@code slipway.registry}, {@code registry.example:5000}
 * @param address {@code host} or {@code host:port} it really answers on
 * @param insecure plain HTTP instead of HTTPS; for loopback and closed networks
 * @param username {@code null}: anonymous
 * @param password {@code null}: anonymous
 */
public record RegistrySettings(
        String name,
        String address,
        boolean insecure,
        @Nullable String username,
        @Nullable Secret password) {

    /** An anonymous registry by its own name over HTTPS; knows where Docker Hub really lives. */
    public static RegistrySettings anonymous(String name) {
        return new RegistrySettings(name, name.equals("docker.io") ? "registry-1.docker.io" : name, false, null, null);
    }

    /** Empty: anonymous. */
    Optional<RegistryLogin> login() {
        return username == null || password == null
                ? Optional.empty()
                : Optional.of(new RegistryLogin(username, password));
    }

    String scheme() {
        return insecure ? "http" : "https";
    }
}
