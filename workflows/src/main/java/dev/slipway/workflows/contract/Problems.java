package dev.slipway.workflows.contract;

import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode.Remedy;
import dev.slipway.workflows.problem.ProblemException;
import io.temporal.failure.ApplicationFailure;
import java.util.List;

/** Problems on their way through Temporal: the details of an {@link ApplicationFailure}. A record, as a bare list loses its types. */
public record Problems(List<Problem> problems) {
    public Problems {
        problems = List.copyOf(problems);
    }

    /** A failure that Temporal retries only when waiting can help. */
    public static ApplicationFailure failure(ProblemException exception) {
        Problem first = exception.problem();
        String message = first.code().id() + " " + first.where();
        boolean waitingHelps =
                exception.problems().stream().allMatch(problem -> problem.code().remedy() == Remedy.WAIT);
        return ApplicationFailure.newBuilder()
                .setMessage(message)
                .setType(first.code().id())
                .setDetails(new Problems(exception.problems()))
                .setNonRetryable(!waitingHelps)
                .build();
    }
}
