package dev.slipway.activities.kubernetes;

import dev.slipway.activities.kubernetes.Access.Need;
import dev.slipway.activities.kubernetes.CustomKinds.Served;
import dev.slipway.activities.kubernetes.render.ObjectRef;
import dev.slipway.activities.kubernetes.render.RawObjects;
import dev.slipway.activities.kubernetes.render.RenderedObject;
import dev.slipway.activities.kubernetes.render.Rendering;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemException;
import dev.slipway.workflows.run.PlanItem;
import dev.slipway.workflows.run.PlanItem.Action;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Which rights a plan needs: those that Slipway's account does not have are named, all at once, before anything is written. */
final class Rights {
    /** Kinds that are watched in all namespaces. */
    private static final List<Class<? extends HasMetadata>> WATCHED = List.of(
            Deployment.class,
            StatefulSet.class,
            DaemonSet.class,
            Job.class,
            CronJob.class,
            ReplicaSet.class,
            Pod.class,
            Service.class);

    private final Access access;
    private final RawKinds raw;

    Rights(ClusterConnection cluster) {
        this.access = new Access(cluster);
        this.raw = new RawKinds(cluster);
    }

    /**
     * What has to be read before a deploy or a restart can be planned.
     *
     * @throws ProblemException {@code SLP-K8S-ACCESS}, naming too what writing will need
     */
    void requireSight(Rendering rendering, String namespace) {
        Map<String, Served> defined = defined(rendering);
        Set<Need> needs = looking(namespace);
        WATCHED.forEach(type -> Stream.of("list", "watch").forEach(verb -> needs.add(Need.of(type, verb, ""))));
        rendering.manifests().stream()
                .filter(object -> object.object() instanceof GenericKubernetesResource)
                .forEach(object ->
                        raw(object, Stream.of("get"), namespace, defined).forEach(needs::add));
        if (!access.missing(needs).isEmpty()) {
            rendering
                    .objects()
                    .forEach(object ->
                            writing(object, Action.CREATE, namespace, defined).forEach(needs::add));
            throw new ProblemException(access.problem(access.missing(needs), namespace));
        }
    }

    /**
     * What has to be read before it is known what there is to destroy.
     *
     * @throws ProblemException {@code SLP-K8S-ACCESS}
     */
    void requireSight(String namespace) {
        Set<Need> needs = looking(namespace);
        needs.add(Need.of(Pod.class, "list", namespace));
        missing(needs, namespace).forEach(problem -> {
            throw new ProblemException(problem);
        });
    }

    private static Set<Need> looking(String namespace) {
        Set<Need> needs = new TreeSet<>();
        needs.add(Need.of(Namespace.class, "get", namespace));
        for (ManagedKind kind : ManagedKind.values()) {
            needs.add(Need.of(kind.type(), "list", namespace));
        }
        return needs;
    }

    /**
     * Rights to do what a deploy has planned.
     *
     * @param items by subject; what is not among them is kept
     */
    List<Problem> missing(
            Rendering rendering, Map<String, PlanItem> items, Collection<ObjectRef> deletes, String namespace) {
        Map<String, Served> defined = defined(rendering);
        Set<Need> needs = new TreeSet<>();
        rendering.objects().forEach(object -> {
            PlanItem item = items.get(object.ref().subject());
            if (item != null && item.action() != Action.KEEP) {
                writing(object, item.action(), namespace, defined).forEach(needs::add);
            }
        });
        deletes.forEach(ref -> deleting(ref.kind(), namespace).forEach(needs::add));
        if (!needs.isEmpty()) {
            // The inventory.
            Stream.of("get", "create", "patch").forEach(verb -> needs.add(Need.of(ConfigMap.class, verb, namespace)));
        }
        return missing(needs, namespace);
    }

    /** Rights to restart and to destroy what is planned so. */
    List<Problem> missing(Collection<PlanItem> items, String namespace) {
        Set<Need> needs = new TreeSet<>();
        for (PlanItem item : items) {
            String kind = item.subject().substring(0, item.subject().indexOf('/'));
            if (item.action() == Action.DELETE) {
                deleting(kind, namespace).forEach(needs::add);
            } else if (item.action() == Action.RESTART) {
                ManagedKind.of(kind)
                        .ifPresent(known -> Stream.of("get", "patch")
                                .forEach(verb -> needs.add(Need.of(known.type(), verb, namespace))));
            }
        }
        return missing(needs, namespace);
    }

    private List<Problem> missing(Set<Need> needs, String namespace) {
        Set<Need> missing = access.missing(needs);
        return missing.isEmpty() ? List.of() : List.of(access.problem(missing, namespace));
    }

    private Stream<Need> writing(RenderedObject object, Action action, String namespace, Map<String, Served> defined) {
        Stream<String> verbs = switch (action) {
            case CREATE -> Stream.of("get", "create", "patch");
            case RECREATE -> Stream.of("get", "delete", "create", "patch");
            default -> Stream.of("get", "patch");
        };
        HasMetadata one = object.object();
        if (one instanceof GenericKubernetesResource) {
            // No role that Slipway brings lets it take away what it makes here.
            boolean made = action == Action.CREATE && !RawObjects.definition(object.ref());
            return raw(object, made ? Stream.concat(verbs, Stream.of("delete")) : verbs, namespace, defined);
        }
        // A namespace that is not there yet is made by a right on the whole cluster.
        boolean wide = one instanceof Namespace && action == Action.CREATE;
        Stream<Need> needs = verbs.map(verb -> Need.of(one.getClass(), verb, wide ? "" : namespace));
        // A pod of it that blocks its update is deleted.
        return one instanceof StatefulSet
                ? Stream.concat(needs, Stream.of(Need.of(Pod.class, "delete", namespace)))
                : needs;
    }

    /** None for a kind that nobody knows: that is another finding. */
    private Stream<Need> raw(
            RenderedObject object, Stream<String> verbs, String namespace, Map<String, Served> defined) {
        GenericKubernetesResource one = (GenericKubernetesResource) object.object();
        Served served = defined.get(CustomKinds.of(one));
        return (served == null ? raw.served(one).stream() : Stream.of(served))
                .flatMap(kind -> verbs.map(verb -> need(kind, verb, namespace)));
    }

    private static Need need(Served kind, String verb, String namespace) {
        return new Need(kind.group(), kind.plural(), verb, kind.namespaced() ? namespace : "");
    }

    private Stream<Need> deleting(String word, String namespace) {
        if (RawObjects.definition(new ObjectRef(word, "", ""))) {
            return Stream.of();
        }
        if (word.equals("Namespace")) {
            return Stream.of(Need.of(Namespace.class, "delete", namespace));
        }
        Stream<String> verbs = Stream.of("get", "delete");
        return ManagedKind.of(word)
                .map(kind -> verbs.map(verb -> Need.of(kind.type(), verb, namespace)))
                .orElseGet(() ->
                        raw.served(word).stream().flatMap(kind -> verbs.map(verb -> need(kind, verb, namespace))));
    }

    /** Kinds that the application brings along. */
    private static Map<String, Served> defined(Rendering rendering) {
        Map<String, Served> defined = new HashMap<>();
        for (RenderedObject object : rendering.manifests()) {
            CustomKinds.defined(object.object())
                    .ifPresent(kind -> defined.put(kind, CustomKinds.served(object.object())));
        }
        return defined;
    }
}
