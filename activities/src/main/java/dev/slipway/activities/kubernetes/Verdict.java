package dev.slipway.activities.kubernetes;

import dev.slipway.workflows.problem.Problem;
import org.jspecify.annotations.Nullable;

/** What a look at a component says about a wait for it. */
sealed interface Verdict {
    /** It is where it was to get. */
    record Reached() implements Verdict {}

    /**
     * Not yet.
     *
     * @param seen what it does meanwhile, as people read it in a log
     * @param eventsOf uid of an object whose events may say why; {@code null}: none would
     */
    record Pending(String seen, @Nullable String eventsOf) implements Verdict {}

    /**
     * It won't get there.
     *
     * @param log whose last lines belong to it; {@code null}: nobody's
     */
    record Failed(Problem problem, @Nullable LogSource log) implements Verdict {}

    /** A pod that stands in the way of its own replacement is to be deleted. */
    record Blocked(String namespace, String pod) implements Verdict {}

    /** @param previous of the container before this one, which crashed */
    record LogSource(String namespace, String pod, String container, boolean previous) {}
}
