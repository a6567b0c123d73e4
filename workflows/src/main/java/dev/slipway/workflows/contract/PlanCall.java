package dev.slipway.workflows.contract;

/**
 * One part of planning.
 *
 * @param planId the run's id, or for a preview an id of its own. Each part is kept under it and answered from there when
 *     it is asked again: a plan never resolves a branch anew
 */
public record PlanCall(String planId, String environmentId) {}
