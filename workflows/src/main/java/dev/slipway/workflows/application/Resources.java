package dev.slipway.workflows.application;

import org.jspecify.annotations.Nullable;

/** What a container asks for and may use; written {@code request..limit} or {@code request}. {@code null}: not said. */
public record Resources(@Nullable Range cpu, @Nullable Range memory) {
    public static final Resources NONE = new Resources(null, null);

    /**
     * Kubernetes quantities.
     *
     * @param limit {@code null}: no limit
     */
    public record Range(String request, @Nullable String limit) {}
}
