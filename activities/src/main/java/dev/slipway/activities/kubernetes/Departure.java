package dev.slipway.activities.kubernetes;

import dev.slipway.activities.kubernetes.render.Labels;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.NamespaceCondition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Objects that were deleted, until they have gone. One that somebody's finalizer holds is named after a short quiet time: it
 * stays until whoever put the finalizer there removes it.
 */
final class Departure {
    /** How long an object may be held without any change. */
    static final Duration QUIET = Duration.ofSeconds(10);

    /**
     * One object on its way out.
     *
     * @param look at it; {@code null}: it has gone
     * @param holders asked when nothing but its dependents holds it: what these are
     */
    record Leaving(
            String where,
            String uid,
            Supplier<@Nullable HasMetadata> look,
            Supplier<? extends List<? extends HasMetadata>> holders) {
        /** With the pods of its component as what may hold it. */
        static Leaving of(
                ClusterConnection cluster, String where, HasMetadata live, Supplier<@Nullable HasMetadata> look) {
            String namespace = live.getMetadata().getNamespace();
            String component = Objects.requireNonNullElse(live.getMetadata().getLabels(), Map.<String, String>of())
                    .get(Labels.COMPONENT);
            return new Leaving(
                    where,
                    live.getMetadata().getUid(),
                    look,
                    () -> component == null
                            ? List.of()
                            : cluster.client()
                                    .pods()
                                    .inNamespace(namespace)
                                    .withLabel(Labels.COMPONENT, component)
                                    .list()
                                    .getItems());
        }
    }

    private final ClusterConnection cluster;
    private final ClusterErrors errors;
    private final Duration within;
    private final Since since = new Since(System::nanoTime);
    private final Map<String, Leaving> left = new LinkedHashMap<>();

    Departure(ClusterConnection cluster, List<Leaving> objects, Duration within) {
        this.cluster = cluster;
        this.errors = new ClusterErrors(cluster.name());
        this.within = within;
        objects.forEach(one -> left.put(one.where(), one));
        since.seen("all");
    }

    /**
     * Looks once.
     *
     * @return whether all of them have gone
     * @throws ProblemException {@code SLP-K8S-HELD} with the object and its finalizers, {@code SLP-K8S-NOT-GONE} when it
     *     takes too long, and whatever the cluster says
     */
    boolean over() {
        List<Problem> held = new ArrayList<>();
        boolean othersLeave = false;
        for (Leaving one : List.copyOf(left.values())) {
            HasMetadata live = errors.at(one.where(), one.look());
            if (live == null || !one.uid().equals(live.getMetadata().getUid())) {
                left.remove(one.where());
                continue;
            }
            Problem problem = held(one, live);
            if (problem == null) {
                othersLeave = true;
            } else {
                held.add(problem);
            }
        }
        if (!held.isEmpty() && !othersLeave) {
            throw new ProblemException(held);
        }
        if (!left.isEmpty() && since.longer("all", within)) {
            throw new ProblemException(held.isEmpty() ? List.of(late()) : held);
        }
        return left.isEmpty();
    }

    /** What is not gone yet. */
    List<String> remaining() {
        return List.copyOf(left.keySet());
    }

    private @Nullable Problem held(Leaving one, HasMetadata live) {
        List<String> finalizers = strange(live);
        if (live instanceof Namespace namespace) {
            String why = conditions(namespace);
            return why.isEmpty() || !quiet(live) ? null : problem(one.where(), "kubernetes: " + why, live);
        }
        if (!finalizers.isEmpty()) {
            return quiet(live) ? problem(one.where(), String.join(", ", finalizers), live) : null;
        }
        return errors.at(one.where(), one.holders::get).stream()
                .filter(holder -> holder.getMetadata().getDeletionTimestamp() != null)
                .filter(holder -> !strange(holder).isEmpty() && quiet(holder))
                .findFirst()
                .map(holder -> problem(
                        holder.getKind() + " " + holder.getMetadata().getNamespace() + "/"
                                + holder.getMetadata().getName(),
                        String.join(", ", strange(holder)),
                        holder))
                .orElse(null);
    }

    private boolean quiet(HasMetadata object) {
        return object.getMetadata().getDeletionTimestamp() != null
                && since.longer(
                        object.getMetadata().getUid() + "@"
                                + object.getMetadata().getResourceVersion(),
                        QUIET);
    }

    /**
     * Finalizers that the cluster's own controllers do not see to by themselves: those of a volume in use or of a load
     * balancer take their time, and are waited for.
     */
    static List<String> strange(HasMetadata object) {
        return Objects.requireNonNullElse(object.getMetadata().getFinalizers(), List.<String>of()).stream()
                .filter(name -> !name.equals("foregroundDeletion")
                        && !name.equals("orphan")
                        && !name.replaceFirst("/.*$", "").endsWith("kubernetes.io"))
                .toList();
    }

    /** {@code NamespaceFinalizersRemaining: Some content …}; empty: nothing in particular. */
    static String conditions(Namespace namespace) {
        if (namespace.getStatus() == null || namespace.getStatus().getConditions() == null) {
            return "";
        }
        return namespace.getStatus().getConditions().stream()
                .filter(condition -> "True".equals(condition.getStatus()))
                .map(NamespaceCondition::getMessage)
                .filter(Objects::nonNull)
                .distinct()
                .collect(Collectors.joining(" "));
    }

    private Problem problem(String where, String finalizers, HasMetadata live) {
        String namespace = live.getMetadata().getNamespace();
        return Problem.of(
                ProblemCode.KUBERNETES_HELD,
                where,
                "object",
                where,
                "finalizers",
                finalizers,
                "owner",
                owner(finalizers),
                "cluster",
                cluster.name(),
                "command",
                "kubectl get " + live.getKind().toLowerCase(java.util.Locale.ROOT) + " "
                        + live.getMetadata().getName() + (namespace == null ? "" : " -n " + namespace)
                        + " -o yaml");
    }

    /** A finalizer's domain is its controller's: {@code example.com/cleanup} is served by what calls itself example.com. */
    private static String owner(String finalizers) {
        return finalizers.split(", ")[0].replaceFirst("[/:].*$", "");
    }

    private Problem late() {
        return Problem.of(
                ProblemCode.KUBERNETES_NOT_GONE,
                left.keySet().iterator().next(),
                "objects",
                String.join(", ", left.keySet()),
                "seconds",
                Long.toString(within.toSeconds()),
                "cluster",
                cluster.name());
    }
}
