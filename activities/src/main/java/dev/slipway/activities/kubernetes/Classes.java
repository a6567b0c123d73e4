package dev.slipway.activities.kubernetes;

import dev.slipway.activities.kubernetes.render.RenderedObject;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.IngressClass;
import io.fabric8.kubernetes.api.model.storage.StorageClass;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Whether the cluster has what new claims and routes name, or a default where they name nothing. Pure. */
final class Classes {
    private static final String DEFAULT_STORAGE = "storageclass.kubernetes.io/is-default-class";
    private static final String DEFAULT_INGRESS = "ingressclass.kubernetes.io/is-default-class";

    private Classes() {}

    static boolean claims(RenderedObject object) {
        return !claimsOf(object).isEmpty();
    }

    static boolean routes(RenderedObject object) {
        return object.object() instanceof Ingress;
    }

    private static List<PersistentVolumeClaim> claimsOf(RenderedObject object) {
        if (object.object() instanceof PersistentVolumeClaim claim) {
            return List.of(claim);
        }
        return object.object() instanceof StatefulSet set ? set.getSpec().getVolumeClaimTemplates() : List.of();
    }

    /** Claims that are there have found their class already. */
    static List<Problem> storage(
            List<RenderedObject> written, LiveState live, List<StorageClass> classes, String cluster) {
        List<Problem> problems = new ArrayList<>();
        for (RenderedObject object : written) {
            if (live.object(object.ref().subject()).isEmpty()) {
                for (PersistentVolumeClaim claim : claimsOf(object)) {
                    String wished = claim.getSpec().getStorageClassName();
                    if (!found(wished, classes, DEFAULT_STORAGE)) {
                        problems.add(problem(
                                ProblemCode.KUBERNETES_STORAGE_CLASS,
                                object,
                                claim.getMetadata().getName(),
                                wished,
                                classes,
                                cluster));
                    }
                }
            }
        }
        return problems;
    }

    /** A cluster with one class needs no default. */
    static List<Problem> ingress(List<RenderedObject> written, List<IngressClass> classes, String cluster) {
        List<Problem> problems = new ArrayList<>();
        for (RenderedObject object : written) {
            if (object.object() instanceof Ingress ingress) {
                String wished = ingress.getSpec().getIngressClassName();
                boolean only = wished == null && classes.size() == 1;
                if (!only && !found(wished, classes, DEFAULT_INGRESS)) {
                    problems.add(problem(
                            ProblemCode.KUBERNETES_INGRESS_CLASS,
                            object,
                            object.ref().name(),
                            wished,
                            classes,
                            cluster));
                }
            }
        }
        return problems;
    }

    private static boolean found(
            @Nullable String wished, List<? extends HasMetadata> classes, String defaultAnnotation) {
        if (wished != null) {
            // A claim of the class "" waits for a volume that somebody makes by hand.
            return wished.isEmpty() || names(classes).anyMatch(wished::equals);
        }
        return classes.stream()
                .map(one -> one.getMetadata().getAnnotations())
                .anyMatch(
                        annotations -> "true".equals(annotations == null ? null : annotations.get(defaultAnnotation)));
    }

    private static Stream<String> names(List<? extends HasMetadata> classes) {
        return classes.stream().map(one -> one.getMetadata().getName()).sorted();
    }

    private static Problem problem(
            ProblemCode code,
            RenderedObject object,
            String name,
            @Nullable String wished,
            List<? extends HasMetadata> classes,
            String cluster) {
        String known = names(classes).collect(Collectors.joining(", "));
        return new Problem(
                code,
                ClusterWriter.where(object),
                Map.of(
                        "cluster",
                        cluster,
                        "name",
                        name,
                        "class",
                        wished == null ? "default" : wished,
                        "known",
                        known.isEmpty() ? "-" : known));
    }
}
