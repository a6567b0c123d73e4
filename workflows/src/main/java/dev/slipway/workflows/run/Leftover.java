package dev.slipway.workflows.run;

import dev.slipway.workflows.problem.Problem;

/**
 * Something that a run has done and that could not be undone.
 *
 * @param step that had done it
 * @param subject {@code Deployment/orders}
 * @param command with which a person undoes it; empty: there is none
 */
public record Leftover(String step, String subject, Problem problem, String command) {}
