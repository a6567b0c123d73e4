package dev.slipway.activities.kubernetes;

import dev.slipway.workflows.problem.Problem;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a look at a component says about a wait for it. */
sealed interface Verdict {
    /** It is where it was to get. */
    record Reached() implements Verdict {}

    /**
     * Not yet.
     *
     * @param seen what it does meanwhile, as people read it in a log
     * @param unclear whose events may say why
     * @param likely what may keep it from getting there, and may also pass: the most likely first
     */
    record Pending(String seen, List<HasMetadata> unclear, List<Failed> likely) implements Verdict {
        public Pending {
            unclear = List.copyOf(unclear);
            likely = List.copyOf(likely);
        }

        Pending(String seen) {
            this(seen, List.of(), List.of());
        }
    }

    /**
     * It won't get there.
     *
     * @param log whose last lines belong to it; {@code null}: nobody's
     * @param pod the one it was found at; {@code null}: none
     * @param also other causes, the more likely ones first
     */
    record Failed(
            Problem problem,
            @Nullable LogSource log,
            @Nullable Pod pod,
            List<Failed> also) implements Verdict {
        public Failed {
            also = List.copyOf(also);
        }

        Failed(Problem problem, @Nullable LogSource log) {
            this(problem, log, null, List.of());
        }

        Failed(Problem problem, @Nullable LogSource log, Pod pod) {
            this(problem, log, pod, List.of());
        }
    }

    /** A pod that stands in the way of its own replacement is to be deleted. */
    record Blocked(String namespace, String pod) implements Verdict {}

    /** @param previous of the container before this one, which crashed */
    record LogSource(String namespace, String pod, String container, boolean previous) {}
}
