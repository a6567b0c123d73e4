package dev.slipway.workflows.problem;

import java.util.List;
import java.util.stream.Collectors;

/** Carries problems to the edge. Not a bug: a message for a person. */
public final class ProblemException extends RuntimeException {
    private static final long serialVersionUID = 1;

    @SuppressWarnings("serial") // never serialized by Java's own means
    private final List<Problem> problems;

    public ProblemException(Problem problem) {
        this(List.of(problem));
    }

    public ProblemException(Problem problem, Throwable cause) {
        this(List.of(problem));
        initCause(cause);
    }

    /** @param problems all that was found, at least one */
    public ProblemException(List<Problem> problems) {
        super(problems.stream()
                .map(problem -> problem.code() + " " + problem.where() + " " + problem.arguments())
                .collect(Collectors.joining("; ")));
        if (problems.isEmpty()) {
            throw new IllegalArgumentException("no problem");
        }
        this.problems = List.copyOf(problems);
    }

    public List<Problem> problems() {
        return problems;
    }

    /** The first problem: the one a step or a log line shows when there is room for one. */
    public Problem problem() {
        return problems.get(0);
    }
}
