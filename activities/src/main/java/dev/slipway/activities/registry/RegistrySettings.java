package dev.slipway.activities.registry;

import dev.slipway.activities.store.Secret;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How to reach one registry.
 *
 * @param name as written in image references: {@code docker.io}, {@code slipway.registry}, {@code registry.example:5000}
 * @param address {@code host} or {@code host:port} that really answers; of a mirror that is asked in its place perhaps also the
 *     path that its repositories are below, {@code mirror.example/hub}
 * @param insecure plain HTTP instead of HTTPS; for loopback and closed networks
 * @param username {@code null}: anonymous
 * @param password {@code null}: anonymous
 * @param trusted authorities that may have signed its certificate, beside the usual ones
 * @param setting the settings that a person changes when it lets nobody in
 */
public record RegistrySettings(
        String name,
        String address,
        boolean insecure,
        @Nullable String username,
        @Nullable Secret password,
        List<X509Certificate> trusted,
        String setting) {
    private static final String DOCKER_HUB = "docker.io";

    public RegistrySettings {
        trusted = List.copyOf(trusted);
    }

    public RegistrySettings(
            String name, String address, boolean insecure, @Nullable String username, @Nullable Secret password) {
        this(name, address, insecure, username, password, List.of(), "slipway.registries[]");
    }

    /** An anonymous registry by its own name over HTTPS; knows where Docker Hub really lives. */
    public static RegistrySettings anonymous(String name) {
        return new RegistrySettings(name, host(name), false, null, null);
    }

    /** Where the registry of that name answers. */
    public static String host(String name) {
        return name.equals(DOCKER_HUB) ? "registry-1.docker.io" : name;
    }

    /** Whether somebody else is asked in its place. */
    public boolean mirrored() {
        return !address.equals(host(name));
    }

    /** {@code host} or {@code host:port} that is connected to. */
    public String host() {
        return address.split("/", 2)[0];
    }

    /** What goes before the names of repositories: empty, or with a slash at its end. */
    String path() {
        return address.contains("/") ? address.substring(address.indexOf('/') + 1) + "/" : "";
    }

    /** Empty: anonymous. */
    public Optional<RegistryLogin> login() {
        return username == null || password == null
                ? Optional.empty()
                : Optional.of(new RegistryLogin(username, password));
    }

    String scheme() {
        return insecure ? "http" : "https";
    }
}
