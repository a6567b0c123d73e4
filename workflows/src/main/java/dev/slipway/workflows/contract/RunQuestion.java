package dev.slipway.workflows.contract;

import dev.slipway.workflows.run.Question;

/** A question of a run, as it stands. */
public record RunQuestion(String runId, Question question) {}
