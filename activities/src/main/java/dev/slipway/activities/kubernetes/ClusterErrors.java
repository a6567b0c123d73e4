package dev.slipway.activities.kubernetes;

import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.api.model.StatusCause;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.http.HttpTimeoutException;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * What an API server refuses, as problems: 400, 403, 404 and 422 need a person; the rest needs time, also a credential that
 * is not valid any more, as those are renewed, and 410, which is an answer that took too long.
 */
public final class ClusterErrors {
    private static final String FIELD_CONFLICT = "FieldManagerConflict";
    private static final int CUT_ASKED_AGAIN = 2;

    private final String cluster;

    public ClusterErrors(String cluster) {
        this.cluster = cluster;
    }

    /**
     * @param where kind, namespace and name
     * @param call safe to repeat, see {@link #repeated}
     */
    public <T> T at(String where, Supplier<T> call) {
        try {
            return repeated(call);
        } catch (KubernetesClientException e) {
            throw translated(e, where);
        }
    }

    /**
     * Asks up to twice more when the answer was cut off in its middle, which the client itself does not: where a plan asks
     * thirty times, one of them is always hit by a network that cuts now and then, and its repetition too at times.
     *
     * @param call safe to repeat: it may have had its effect before its answer was cut
     */
    static <T> T repeated(Supplier<T> call) {
        for (int more = CUT_ASKED_AGAIN; ; more--) {
            try {
                return call.get();
            } catch (KubernetesClientException e) {
                if (more == 0 || !cut(e)) {
                    throw e;
                }
            }
        }
    }

    /** No code, as there was no whole answer. Who was not there or took too long was waited for already. */
    private static boolean cut(KubernetesClientException e) {
        return e.getCode() <= 0
                && Stream.<Throwable>iterate(e, Objects::nonNull, Throwable::getCause)
                        .anyMatch(IOException.class::isInstance)
                && Stream.<Throwable>iterate(e, Objects::nonNull, Throwable::getCause)
                        .noneMatch(cause -> cause instanceof ConnectException
                                || cause instanceof HttpTimeoutException
                                || cause instanceof InterruptedIOException);
    }

    public ProblemException translated(KubernetesClientException e, String where) {
        return new ProblemException(problem(e, where), e);
    }

    private Problem problem(KubernetesClientException e, String where) {
        String message = message(e);
        if (e.getCode() == 403 && message.contains("being terminated")) {
            return Terminating.refused(where, cluster, message);
        }
        ProblemCode code = switch (e.getCode()) {
            case 401 -> ProblemCode.KUBERNETES_UNAUTHORIZED;
            case 403 -> forbidden(message);
            case 400, 404, 405, 406, 413, 415 -> ProblemCode.KUBERNETES_REFUSED;
            case 422 -> ProblemCode.KUBERNETES_REFUSED;
            default -> ProblemCode.KUBERNETES_UNREACHABLE;
        };
        return Problem.of(
                code,
                where,
                "cluster",
                cluster,
                "status",
                e.getCode() == 0 ? "-" : Integer.toString(e.getCode()),
                "message",
                message);
    }

    /** Admission and quotas answer 403 too: the right is there, the wish is refused. */
    private static ProblemCode forbidden(String message) {
        boolean refused = message.contains("exceeded quota")
                || message.contains("violates PodSecurity")
                || message.contains("admission webhook")
                || message.contains("ValidatingAdmissionPolicy")
                || message.contains("limited to");
        return refused ? ProblemCode.KUBERNETES_REFUSED : ProblemCode.KUBERNETES_FORBIDDEN;
    }

    public static String message(KubernetesClientException e) {
        Status status = e.getStatus();
        if (status != null && status.getMessage() != null) {
            return status.getMessage();
        }
        Throwable deepest = e;
        while (deepest.getCause() != null) {
            deepest = deepest.getCause();
        }
        String message = Objects.requireNonNullElse(deepest.getMessage(), "");
        return message.isEmpty() ? deepest.getClass().getSimpleName() : message;
    }

    static List<StatusCause> causes(KubernetesClientException e) {
        Status status = e.getStatus();
        return status == null
                        || status.getDetails() == null
                        || status.getDetails().getCauses() == null
                ? List.of()
                : status.getDetails().getCauses();
    }

    /** The fields that somebody else owns and has set to another value; empty when that is not what it says. */
    static List<StatusCause> conflicts(KubernetesClientException e) {
        return e.getCode() == 409
                ? causes(e).stream()
                        .filter(cause -> FIELD_CONFLICT.equals(cause.getReason()))
                        .toList()
                : List.of();
    }

    static boolean immutable(KubernetesClientException e) {
        String message = message(e);
        return e.getCode() == 422
                && (message.contains("field is immutable")
                        || message.contains("Forbidden: updates to")
                        || message.contains("is immutable after creation")
                        || message.contains("may not be changed")
                        || message.contains("may not change once set")
                        || message.contains("cannot change roleRef")
                        || message.contains("can not be less than previous value")
                        || message.contains("can not be less than status.capacity"));
    }

    /** The client looks a kind that it has no class for up, and finds none. */
    static boolean unknownKind(KubernetesClientException e) {
        String message = message(e);
        return e.getCode() <= 0
                && (message.contains("Could not find the metadata for the given apiVersion and kind")
                        || message.contains("Could not find a registered handler for item"));
    }

    /** A webhook that has effects of its own cannot be asked without them. */
    static boolean noDryRun(KubernetesClientException e) {
        return e.getCode() == 400 && message(e).contains("does not support dry run");
    }
}
