package dev.slipway.activities.kubernetes;

import dev.slipway.activities.kubernetes.ClusterWatch.Key;
import dev.slipway.activities.kubernetes.render.RenderedObject;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Raw objects of one namespace, as long as somebody waits for them. Workloads are seen by the watch of the whole cluster;
 * their pods, which do not carry Slipway's labels, by a watch of the namespace; any other object is asked for by its name,
 * as to watch a kind takes rights that nothing else needs.
 */
final class RawViews implements Views, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RawViews.class);
    private static final long ASK_MILLIS = 2_000;
    private static final Set<String> SEEN = Set.of(
            "apps/v1/Deployment",
            "apps/v1/StatefulSet",
            "apps/v1/DaemonSet",
            "apps/v1/ReplicaSet",
            "batch/v1/Job",
            "v1/Pod");

    private final ClusterConnection cluster;
    private final ClusterWatch watch;
    private final String namespace;
    private final Map<String, RenderedObject> objects = new LinkedHashMap<>();
    private final List<RenderedObject> asked;
    private final Map<String, HasMetadata> answers = new ConcurrentHashMap<>();
    private final SharedIndexInformer<ReplicaSet> replicaSets;
    private final SharedIndexInformer<Pod> pods;
    private final ScheduledFuture<?> asking;
    private volatile boolean answered;

    RawViews(
            ClusterConnection cluster,
            ClusterWatch watch,
            String namespace,
            List<RenderedObject> awaited,
            ScheduledExecutorService clock) {
        this.cluster = cluster;
        this.watch = watch;
        this.namespace = namespace;
        awaited.forEach(object -> objects.put(object.ref().subject(), object));
        this.asked = awaited.stream().filter(object -> !seen(object.object())).toList();
        this.answered = asked.isEmpty();
        this.replicaSets = cluster.client()
                .resources(ReplicaSet.class)
                .inNamespace(namespace)
                .runnableInformer(0);
        this.pods = cluster.client().resources(Pod.class).inNamespace(namespace).runnableInformer(0);
        for (SharedIndexInformer<?> informer : List.of(replicaSets, pods)) {
            informer.exceptionHandler((started, failure) -> true);
            informer.start().exceptionally(failure -> null);
        }
        this.asking = clock.scheduleWithFixedDelay(this::ask, 0, ASK_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Whether one of the watches shows it. */
    private static boolean seen(HasMetadata object) {
        return SEEN.contains(object.getApiVersion() + "/" + object.getKind());
    }

    private void ask() {
        try {
            for (RenderedObject object : asked) {
                HasMetadata there = cluster.client().resource(object.object()).get();
                if (there == null) {
                    answers.remove(object.ref().subject());
                } else {
                    answers.put(object.ref().subject(), there);
                }
            }
            answered = true;
        } catch (RuntimeException e) {
            answered = false;
            LOG.info("Cluster {} did not answer: {}", cluster.name(), e.toString());
        }
    }

    @Override
    public boolean synced() {
        return answered && watch.synced() && replicaSets.hasSynced() && pods.hasSynced();
    }

    @Override
    public View view(Key key) {
        RenderedObject object = Objects.requireNonNull(objects.get(key.component()), key.component());
        HasMetadata there = seen(object.object())
                ? shown(object.object().getKind(), object.ref().name())
                : answers.get(key.component());
        if (there == null || !seen(object.object())) {
            return new View(there, List.of(), List.of());
        }
        Set<String> owners = new HashSet<>(Set.of(there.getMetadata().getUid()));
        List<ReplicaSet> sets = replicaSets.getIndexer().list().stream()
                .filter(set -> owned(set, owners))
                .toList();
        sets.forEach(set -> owners.add(set.getMetadata().getUid()));
        return new View(
                there,
                sets,
                pods.getIndexer().list().stream()
                        .filter(pod -> owned(pod, owners))
                        .toList());
    }

    private @Nullable HasMetadata shown(String kind, String name) {
        return switch (kind) {
            case "Pod" -> ClusterWatch.named(pods, namespace, name);
            case "ReplicaSet" -> ClusterWatch.named(replicaSets, namespace, name);
            default -> watch.workload(kind, namespace, name);
        };
    }

    private static boolean owned(HasMetadata object, Set<String> owners) {
        return Objects.requireNonNullElse(object.getMetadata().getOwnerReferences(), List.<OwnerReference>of()).stream()
                .anyMatch(reference -> owners.contains(reference.getUid()));
    }

    @Override
    public void close() {
        asking.cancel(false);
        replicaSets.stop();
        pods.stop();
    }
}
