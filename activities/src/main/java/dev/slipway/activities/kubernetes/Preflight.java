package dev.slipway.activities.kubernetes;

import dev.slipway.activities.image.Registries;
import dev.slipway.activities.kubernetes.CustomKinds.Served;
import dev.slipway.activities.kubernetes.DeployDiff.ComponentDiff;
import dev.slipway.activities.kubernetes.ImagePlatforms.Pulled;
import dev.slipway.activities.kubernetes.Wishes.Wish;
import dev.slipway.activities.kubernetes.render.RenderedObject;
import dev.slipway.activities.kubernetes.render.Rendering;
import dev.slipway.activities.store.PlanStore.PlannedImage;
import dev.slipway.workflows.application.Application;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import dev.slipway.workflows.run.PlanItem;
import dev.slipway.workflows.run.PlanItem.Action;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.LimitRange;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.ResourceQuota;
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

/**
 * What would keep a plan from succeeding, looked for before anything is written, and told all at once. Nothing is written
 * here; what the account may not look at is not judged.
 */
public final class Preflight {
    private final ClusterConnection cluster;
    private final ClusterErrors errors;
    private final Rights rights;
    private final RawKinds raw;
    private final ImagePlatforms images;
    private final ImageUsers users;

    public Preflight(ClusterConnection cluster, Registries registries) {
        this.cluster = cluster;
        this.errors = new ClusterErrors(cluster.name());
        this.rights = new Rights(cluster);
        this.raw = new RawKinds(cluster);
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
        rights.requireSight(rendering, namespace);
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

        List<Problem> problems = new ArrayList<>(rights.missing(rendering, items, diff.deletes(), namespace));
        boolean denied = !problems.isEmpty();
        List<Problem> insecure = PodSecurity.check(
                application, rendering.namespace(), live.namespace(), items.get("Namespace/" + namespace), written);
        Set<String> explained = insecure.stream().map(Problem::where).collect(Collectors.toSet());
        refused.stream()
                .filter(problem -> !denied || problem.code() != ProblemCode.KUBERNETES_FORBIDDEN)
                .filter(problem -> !explained.contains(problem.where()) || !PodSecurity.says(problem))
                .forEach(problems::add);
        problems.addAll(kinds(written, rendering));
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

    private List<Problem> kinds(List<RenderedObject> written, Rendering rendering) {
        Set<String> defined = new TreeSet<>();
        rendering
                .objects()
                .map(RenderedObject::object)
                .forEach(object -> CustomKinds.defined(object).ifPresent(defined::add));
        List<Problem> problems = new ArrayList<>();
        for (RenderedObject object : written) {
            if (!(object.object() instanceof GenericKubernetesResource generic)
                    || CustomKinds.defined(generic).isPresent()) {
                continue;
            }
            Optional<Served> known = raw.served(generic);
            if (known.isEmpty() && !defined.contains(CustomKinds.of(generic))) {
                problems.add(Problem.of(
                        ProblemCode.KUBERNETES_KIND_UNKNOWN,
                        ClusterWriter.where(object),
                        "cluster",
                        cluster.name(),
                        "kind",
                        generic.getKind(),
                        "version",
                        generic.getApiVersion()));
            } else if (known.isPresent() && !known.get().namespaced()) {
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
            return Optional.ofNullable(ClusterErrors.repeated(look));
        } catch (KubernetesClientException e) {
            if (e.getCode() == 403 || e.getCode() == 404) {
                return Optional.empty();
            }
            throw errors.translated(e, "cluster " + cluster.name());
        }
    }
}
