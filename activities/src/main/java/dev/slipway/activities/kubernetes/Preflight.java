package dev.slipway.activities.kubernetes;

import dev.slipway.activities.image.Registries;
import dev.slipway.activities.kubernetes.Access.Need;
import dev.slipway.activities.kubernetes.DeployDiff.ComponentDiff;
import dev.slipway.activities.kubernetes.ImagePlatforms.Pulled;
import dev.slipway.activities.kubernetes.Wishes.Wish;
import dev.slipway.activities.kubernetes.render.ObjectRef;
import dev.slipway.activities.kubernetes.render.RawObjects;
import dev.slipway.activities.kubernetes.render.RenderedObject;
import dev.slipway.activities.kubernetes.render.Rendering;
import dev.slipway.activities.store.PlanStore.PlannedImage;
import dev.slipway.workflows.application.Application;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import dev.slipway.workflows.run.PlanItem;
import dev.slipway.workflows.run.PlanItem.Action;
import io.fabric8.kubernetes.api.model.APIResource;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.LimitRange;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.ResourceQuota;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.networking.v1.IngressClass;
import io.fabric8.kubernetes.api.model.storage.StorageClass;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What would keep a plan from succeeding, looked for before anything is written, and told all at once. Nothing is written
 * here; what the account may not look at is not judged.
 */
public final class Preflight {
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

    private final ClusterConnection cluster;
    private final ClusterErrors errors;
    private final Access access;
    private final ImagePlatforms images;
    private final ImageUsers users;

    public Preflight(ClusterConnection cluster, Registries registries) {
        this.cluster = cluster;
        this.errors = new ClusterErrors(cluster.name());
        this.access = new Access(cluster);
        this.images = new ImagePlatforms(registries, cluster.simulated());
        this.users = new ImageUsers(registries, cluster.simulated());
    }

    void reads(Wish wish) {
        reads(wish.rendering(), wish.environment().namespace());
    }

    List<Problem> findings(Wish wish, LiveState live, DeployDiff diff, List<Problem> refused) {
        return findings(wish.application(), wish.rendering(), wish.images().images(), live, diff, refused);
    }

    /**
     * What has to be read before there can be a plan.
     *
     * @throws ProblemException {@code SLP-K8S-ACCESS}, naming too what writing will need, or what the cluster says
     */
    public void reads(Rendering rendering, String namespace) {
        Set<Need> needs = new TreeSet<>();
        needs.add(Need.of(Namespace.class, "get", namespace));
        for (ManagedKind kind : ManagedKind.values()) {
            needs.add(Need.of(kind.type(), "list", namespace));
        }
        WATCHED.forEach(type -> Stream.of("list", "watch").forEach(verb -> needs.add(Need.of(type, verb, ""))));
        Map<String, CustomKinds.Kind> defined = defined(rendering);
        rendering
                .manifests()
                .forEach(object -> rights(object.object(), Stream.of("get"), namespace, defined)
                        .forEach(needs::add));
        Set<Need> missing = access.missing(needs);
        if (!missing.isEmpty()) {
            rendering
                    .objects()
                    .forEach(object ->
                            writing(object, Action.CREATE, namespace, defined).forEach(needs::add));
            boolean there = looked(() ->
                            cluster.client().namespaces().withName(namespace).get())
                    .isPresent();
            throw new ProblemException(access.problem(access.missing(needs), namespace, there));
        }
    }

    /**
     * Everything that speaks against the plan.
     *
     * @param refused what the dry run found
     * @throws ProblemException when the cluster does not answer
     */
    public List<Problem> findings(
            Application application,
            Rendering rendering,
            Map<String, PlannedImage> planned,
            LiveState live,
            DeployDiff diff,
            List<Problem> refused) {
        Map<String, PlanItem> items = new HashMap<>();
        diff.shared().forEach(item -> items.put(item.subject(), item));
        diff.components().forEach(component -> component.items().forEach(item -> items.put(item.subject(), item)));
        List<RenderedObject> written = rendering
                .objects()
                .filter(object -> action(items, object) != Action.KEEP)
                .toList();
        String namespace = rendering.namespace().ref().name();

        Map<String, CustomKinds.Kind> defined = defined(rendering);
        List<Problem> problems =
                new ArrayList<>(permissions(written, items, diff, namespace, defined, live.namespace() != null));
        boolean denied = !problems.isEmpty();
        List<Problem> insecure = PodSecurity.check(
                application, rendering.namespace(), live.namespace(), items.get("Namespace/" + namespace), written);
        Set<String> explained = insecure.stream().map(Problem::where).collect(Collectors.toSet());
        refused.stream()
                .filter(problem -> !denied || problem.code() != ProblemCode.KUBERNETES_FORBIDDEN)
                .filter(problem -> !explained.contains(problem.where()) || !PodSecurity.says(problem))
                .forEach(problems::add);
        problems.addAll(kinds(written, defined));
        problems.addAll(classes(written, live));
        problems.addAll(insecure);
        if (live.namespace() != null) {
            problems.addAll(limits(written, live, namespace));
        }
        List<Pulled> pulled = new ArrayList<>(RawImages.of(written, cluster.registryAddress()));
        for (ComponentDiff component : diff.components()) {
            PlannedImage image = planned.get(component.name());
            if (component.changes() && image != null && image.digest() != null) {
                pulled.add(Pulled.of(component.name(), image));
            }
        }
        if (!pulled.isEmpty()) {
            List<Node> nodes = all(Node.class).orElse(List.of());
            problems.addAll(images.check(pulled, nodes));
        }
        problems.addAll(users.check(application, written, planned));
        problems.addAll(users.check(written, cluster.registryAddress()));
        return problems;
    }

    private static Action action(Map<String, PlanItem> items, RenderedObject object) {
        PlanItem item = items.get(object.ref().subject());
        return item == null ? Action.KEEP : item.action();
    }

    private List<Problem> permissions(
            List<RenderedObject> written,
            Map<String, PlanItem> items,
            DeployDiff diff,
            String namespace,
            Map<String, CustomKinds.Kind> defined,
            boolean there) {
        Set<Need> needs = new TreeSet<>();
        RawKinds raw = new RawKinds(cluster);
        written.forEach(object ->
                writing(object, action(items, object), namespace, defined).forEach(needs::add));
        for (ObjectRef ref : diff.deletes()) {
            ManagedKind.of(ref.kind())
                    .ifPresent(kind -> Stream.of("get", "delete")
                            .forEach(verb -> needs.add(Need.of(kind.type(), verb, namespace))));
            raw.needs(ref.kind(), namespace, "get", "delete").forEach(needs::add);
        }
        if (!needs.isEmpty()) {
            // The inventory.
            Stream.of("get", "create", "patch").forEach(verb -> needs.add(Need.of(ConfigMap.class, verb, namespace)));
        }
        Set<Need> missing = access.missing(needs);
        return missing.isEmpty() ? List.of() : List.of(access.problem(missing, namespace, there));
    }

    private static Map<String, CustomKinds.Kind> defined(Rendering rendering) {
        return CustomKinds.defined(rendering.objects().map(RenderedObject::object));
    }

    private Stream<Need> writing(
            RenderedObject object, Action action, String namespace, Map<String, CustomKinds.Kind> defined) {
        Stream<String> verbs = switch (action) {
            case CREATE -> Stream.of("get", "create", "patch");
            case RECREATE -> Stream.of("get", "delete", "create", "patch");
            default -> Stream.of("get", "patch");
        };
        HasMetadata one = object.object();
        if (action == Action.CREATE && one instanceof GenericKubernetesResource && !RawObjects.definition(one)) {
            // No role that Slipway brings lets it take away what it makes here.
            verbs = Stream.concat(verbs, Stream.of("delete"));
        }
        // A namespace that is not there yet is made by a right on the whole cluster.
        boolean wide = one instanceof Namespace && action == Action.CREATE;
        return rights(one, verbs, wide ? "" : namespace, defined);
    }

    private Stream<Need> rights(
            HasMetadata one, Stream<String> verbs, String namespace, Map<String, CustomKinds.Kind> defined) {
        if (one instanceof GenericKubernetesResource generic) {
            String group = CustomKinds.group(generic.getApiVersion());
            return resource(generic)
                    .map(known ->
                            new CustomKinds.Kind(group, known.getName(), Boolean.TRUE.equals(known.getNamespaced())))
                    .or(() -> Optional.ofNullable(defined.get(CustomKinds.of(generic))))
                    .stream()
                    .flatMap(kind -> verbs.map(
                            verb -> new Need(group, kind.resource(), verb, kind.namespaced() ? namespace : "")));
        }
        return verbs.map(verb -> Need.of(one.getClass(), verb, namespace));
    }

    private Optional<APIResource> resource(GenericKubernetesResource object) {
        return looked(() -> cluster.client().getApiResources(object.getApiVersion())).stream()
                .flatMap(list -> list.getResources().stream())
                .filter(resource -> resource.getKind().equals(object.getKind())
                        && !resource.getName().contains("/"))
                .findFirst();
    }

    private List<Problem> kinds(List<RenderedObject> written, Map<String, CustomKinds.Kind> defined) {
        List<Problem> problems = new ArrayList<>();
        for (RenderedObject object : written) {
            if (!(object.object() instanceof GenericKubernetesResource generic)
                    || CustomKinds.defined(generic).isPresent()) {
                continue;
            }
            Optional<APIResource> known = resource(generic);
            if (known.isEmpty() && !defined.containsKey(CustomKinds.of(generic))) {
                problems.add(Problem.of(
                        ProblemCode.KUBERNETES_KIND_UNKNOWN,
                        ClusterWriter.where(object),
                        "cluster",
                        cluster.name(),
                        "kind",
                        generic.getKind(),
                        "version",
                        generic.getApiVersion()));
            } else if (known.isPresent() && !Boolean.TRUE.equals(known.get().getNamespaced())) {
                problems.add(Problem.of(
                        ProblemCode.DOC_MANIFEST_KIND, ClusterWriter.where(object), "kind", generic.getKind()));
            }
        }
        return problems;
    }

    private List<Problem> classes(List<RenderedObject> written, LiveState live) {
        List<Problem> problems = new ArrayList<>();
        if (written.stream().anyMatch(Classes::claims)) {
            all(StorageClass.class)
                    .ifPresent(classes -> problems.addAll(Classes.storage(written, live, classes, cluster.name())));
        }
        if (written.stream().anyMatch(Classes::routes)) {
            all(IngressClass.class)
                    .ifPresent(classes -> problems.addAll(Classes.ingress(written, classes, cluster.name())));
        }
        return problems;
    }

    private List<Problem> limits(List<RenderedObject> written, LiveState live, String namespace) {
        List<ResourceQuota> quotas = looked(() -> cluster.client()
                        .resourceQuotas()
                        .inNamespace(namespace)
                        .list()
                        .getItems())
                .orElse(List.of());
        List<LimitRange> ranges = looked(() -> cluster.client()
                        .limitRanges()
                        .inNamespace(namespace)
                        .list()
                        .getItems())
                .orElse(List.of());
        if (quotas.isEmpty() && ranges.isEmpty()) {
            return List.of();
        }
        return new Limits(quotas, ranges, namespace).check(written, live);
    }

    private <T extends HasMetadata> Optional<List<T>> all(Class<T> type) {
        return looked(() -> cluster.client().resources(type).list().getItems());
    }

    /** Empty when it may not be looked at, or the cluster does not know such a thing. */
    private <T> Optional<T> looked(Supplier<T> look) {
        try {
            return Optional.ofNullable(look.get());
        } catch (KubernetesClientException e) {
            if (e.getCode() == 403 || e.getCode() == 404) {
                return Optional.empty();
            }
            throw errors.translated(e, "cluster " + cluster.name());
        }
    }
}
