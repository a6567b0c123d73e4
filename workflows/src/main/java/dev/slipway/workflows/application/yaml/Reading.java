package dev.slipway.workflows.application.yaml;

import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What came of reading a document: the value, or every problem of it.
 *
 * @param value {@code null} exactly when there are problems
 * @param problems in the order of the text
 * @param lines where each field stands, for what is found out about it later
 */
public record Reading<T>(@Nullable T value, List<Problem> problems, Lines lines) {
    public Reading {
        problems = List.copyOf(problems);
        if ((value == null) == problems.isEmpty()) {
            throw new IllegalArgumentException("either a value or problems");
        }
    }

    /** The value, if nothing was noted. */
    public static <T> Reading<T> of(T value, Notes notes) {
        return new Reading<>(notes.isEmpty() ? value : null, notes.problems(), notes.lines());
    }

    public boolean isFine() {
        return problems.isEmpty();
    }

    /** @throws ProblemException with every problem, when there are any */
    public T orElseThrow() {
        if (!isFine()) {
            throw new ProblemException(problems);
        }
        return Objects.requireNonNull(value);
    }
}
