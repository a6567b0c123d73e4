package dev.slipway.workflows.application;

import org.jspecify.annotations.Nullable;

/**
 * Scaling by load.
 *
 * @param cpu wanted average use in percent of the request; {@code null}: not by cpu
 * @param memory likewise
 */
public record Scale(
        int min, int max, @Nullable Integer cpu, @Nullable Integer memory) {}
