package dev.slipway.web.cli;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Ends the command with an exit code and, for people, a sentence or a problem of the API. */
final class Stop extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int exit;
    private final transient @Nullable JsonNode problem;

    Stop(int exit, String said) {
        super(said);
        this.exit = exit;
        this.problem = null;
    }

    Stop(int exit, JsonNode problem) {
        super(problem.path("what").asString(""));
        this.exit = exit;
        this.problem = problem;
    }

    int exit() {
        return exit;
    }

    /** As {@code application/problem+json} has it; {@code null}: it is not Slipway that says it. */
    @Nullable
    JsonNode problem() {
        return problem;
    }
}
