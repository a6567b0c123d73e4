package dev.slipway.workflows.application;

import org.jspecify.annotations.Nullable;

/** Who an application is. {@code null} means not given. */
public record Metadata(
        String name,
        @Nullable String title,
        @Nullable String description,
        @Nullable String icon) {}
