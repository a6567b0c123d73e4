package dev.slipway.workflows.application;

import org.jspecify.annotations.Nullable;

/**
 * A port that a component listens on.
 *
 * @param name at most 15 characters, unique in the component
 * @param port 1 to 65535
 * @param expose {@code null}: reachable inside the environment only
 */
public record Port(
        String name, int port, Protocol protocol, @Nullable Expose expose) {
    public enum Protocol {
        HTTP,
        GRPC,
        TCP,
        UDP
    }

    /**
     * Reachable from outside.
     *
     * @param host may hold {@code ${environment}}
     * @param tls name of the TLS secret; {@code null}: plain HTTP
     */
    public record Expose(String host, String path, @Nullable String tls) {}
}
