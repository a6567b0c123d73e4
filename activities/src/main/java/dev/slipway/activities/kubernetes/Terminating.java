package dev.slipway.activities.kubernetes;

import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.NamespaceCondition;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A namespace on its way out. What is done in it meets refusals that do not say so, or objects that vanish; the namespace
 * itself says since when it goes and what holds it.
 */
final class Terminating {
    private static final Logger LOG = LoggerFactory.getLogger(Terminating.class);
    private static final Set<String> HOLDING = Set.of("NamespaceContentRemaining", "NamespaceFinalizersRemaining");
    /** How the API server begins its sentences. */
    private static final String BEGINNING = "^Some (resources are|content in the namespace has finalizers) remaining: ";

    /** Not said, or not asked for yet. */
    static final String UNKNOWN = "-";

    private static final Pattern NAMED = Pattern.compile("namespace \"?([a-z0-9-]+)\"? because");

    private final ClusterConnection cluster;

    Terminating(ClusterConnection cluster) {
        this.cluster = cluster;
    }

    static boolean is(Namespace namespace) {
        return namespace.getMetadata().getDeletionTimestamp() != null;
    }

    /** What the API server's refusal says by itself: the name, and no more. */
    static Problem refused(String where, String cluster, String message) {
        Matcher named = NAMED.matcher(message);
        return Problem.of(
                ProblemCode.KUBERNETES_NAMESPACE_TERMINATING,
                where,
                "namespace",
                named.find() ? named.group(1) : UNKNOWN,
                "cluster",
                cluster,
                "since",
                UNKNOWN,
                "held",
                UNKNOWN,
                "status",
                "403",
                "message",
                message);
    }

    /** With the time by Slipway's clock. */
    Problem problem(Namespace namespace) {
        return Problem.of(
                ProblemCode.KUBERNETES_NAMESPACE_TERMINATING,
                "Namespace " + namespace.getMetadata().getName(),
                "namespace",
                namespace.getMetadata().getName(),
                "cluster",
                cluster.name(),
                "since",
                since(namespace.getMetadata().getDeletionTimestamp()),
                "held",
                held(namespace));
    }

    /** Does something in a namespace; what fails because the namespace goes, or has gone, says that. */
    <T> T explaining(String namespace, Supplier<T> call) {
        try {
            return call.get();
        } catch (ProblemException e) {
            throw explained(namespace, e);
        }
    }

    /** The same exception when the namespace has nothing to do with it, or is not shown. Asks the cluster. */
    ProblemException explained(String namespace, ProblemException failure) {
        if (failure.problems().stream().noneMatch(Terminating::suspicious)) {
            return failure;
        }
        try {
            Namespace live = ClusterErrors.repeated(
                    () -> cluster.client().namespaces().withName(namespace).get());
            if (live == null) {
                return new ProblemException(
                        Problem.of(
                                ProblemCode.KUBERNETES_NAMESPACE_GONE,
                                "Namespace " + namespace,
                                "namespace",
                                namespace,
                                "cluster",
                                cluster.name()),
                        failure);
            }
            return is(live) ? new ProblemException(problem(live), failure) : failure;
        } catch (RuntimeException e) {
            LOG.debug("No more about namespace {}", namespace, e); // the refusal counts, with or without its reason
            return failure;
        }
    }

    private static boolean suspicious(Problem problem) {
        return switch (problem.code()) {
            case KUBERNETES_OBJECT_GONE -> true;
            case KUBERNETES_NAMESPACE_TERMINATING ->
                UNKNOWN.equals(problem.arguments().get("since"));
            case KUBERNETES_REFUSED, KUBERNETES_FORBIDDEN ->
                Set.of("403", "404").contains(problem.arguments().getOrDefault("status", ""));
            default -> false;
        };
    }

    private String since(String deleted) {
        try {
            return cluster.time()
                    .here(Instant.parse(deleted))
                    .truncatedTo(ChronoUnit.SECONDS)
                    .toString();
        } catch (DateTimeException e) {
            return deleted;
        }
    }

    /** {@code pods. has 2 resource instances; example.com/hold in 1 resource instances}; {@code -}: it does not say. */
    private static String held(Namespace namespace) {
        if (namespace.getStatus() == null) {
            return UNKNOWN;
        }
        String held =
                Objects.requireNonNullElse(namespace.getStatus().getConditions(), List.<NamespaceCondition>of())
                        .stream()
                        .filter(condition ->
                                HOLDING.contains(condition.getType()) && "True".equals(condition.getStatus()))
                        .map(condition -> Objects.requireNonNullElse(condition.getMessage(), ""))
                        .map(message -> message.replaceFirst(BEGINNING, ""))
                        .filter(message -> !message.isBlank())
                        .collect(Collectors.joining("; "));
        return held.isEmpty() ? UNKNOWN : held;
    }
}
