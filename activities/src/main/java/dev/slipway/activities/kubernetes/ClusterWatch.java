package dev.slipway.activities.kubernetes;

import dev.slipway.activities.kubernetes.render.Labels;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.fabric8.kubernetes.client.informers.cache.Cache;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What runs on one cluster, watched: one informer for each kind, shared by all who want to know. */
public final class ClusterWatch implements Views, AutoCloseable {
    private static final String BY_COMPONENT = "component";

    /** Jobs that went after they had completed: enough for those that somebody waits for at the same time. */
    private static final int REMEMBERED = 2_000;

    /** A component of an environment. */
    public record Key(String environmentId, String component) {}

    private final List<SharedIndexInformer<? extends HasMetadata>> informers = new ArrayList<>();
    private final SharedIndexInformer<Deployment> deployments;
    private final SharedIndexInformer<StatefulSet> sets;
    private final SharedIndexInformer<DaemonSet> daemons;
    private final SharedIndexInformer<Job> jobs;
    private final SharedIndexInformer<CronJob> crons;
    private final SharedIndexInformer<Service> outside;
    private final SharedIndexInformer<ReplicaSet> replicaSets;
    private final SharedIndexInformer<Pod> pods;
    /** By uid, the newest ones. */
    private final Map<String, Boolean> completedAndGone =
            Collections.synchronizedMap(new LinkedHashMap<>(16, 0.75f, false) {
                private static final long serialVersionUID = 1;

                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
                    return size() > REMEMBERED;
                }
            });

    private final List<Consumer<Key>> listeners = new CopyOnWriteArrayList<>();

    /** @param instanceId only objects of this Slipway are watched */
    public ClusterWatch(ClusterConnection cluster, String instanceId) {
        Map<String, String> ours = Map.of(Labels.INSTANCE, instanceId);
        deployments = informer(cluster, Deployment.class, ours);
        sets = informer(cluster, StatefulSet.class, ours);
        daemons = informer(cluster, DaemonSet.class, ours);
        jobs = informer(cluster, Job.class, ours);
        crons = informer(cluster, CronJob.class, ours);
        // Of the Services only those that stand for something outside: they are all there is of it.
        outside = informer(cluster, Service.class, Map.of(Labels.INSTANCE, instanceId, Labels.KIND, Labels.EXTERNAL));
        replicaSets = informer(cluster, ReplicaSet.class, ours);
        pods = informer(cluster, Pod.class, ours);
    }

    private <T extends HasMetadata> SharedIndexInformer<T> informer(
            ClusterConnection cluster, Class<T> type, Map<String, String> labels) {
        SharedIndexInformer<T> informer = cluster.client()
                .resources(type)
                .inAnyNamespace()
                .withLabels(labels)
                .runnableInformer(0);
        informer.addIndexers(Map.of(BY_COMPONENT, object -> {
            Key key = key(object);
            return key == null ? List.of() : List.of(index(key));
        }));
        informer.addEventHandler(new ResourceEventHandler<>() {
            @Override
            public void onAdd(T object) {
                tell(object);
            }

            @Override
            public void onUpdate(T before, T object) {
                tell(object);
            }

            @Override
            public void onDelete(T object, boolean stateUnknown) {
                if (object instanceof Job && Health.of(object).settled()) {
                    completedAndGone.put(object.getMetadata().getUid(), true);
                }
                tell(object);
            }
        });
        // A cluster that is away at the start, or comes back with another history, is tried again for ever.
        informer.exceptionHandler((started, failure) -> true);
        informers.add(informer);
        return informer;
    }

    /** Begins to watch; returns at once. */
    public void start() {
        informers.forEach(informer -> informer.start().exceptionally(failure -> null));
    }

    /** Whether all that was there at the start is known. */
    @Override
    public boolean synced() {
        return informers.stream().allMatch(SharedIndexInformer::hasSynced);
    }

    /** Whether the job had completed when it went: it may live no longer than that. */
    boolean completedAndGone(String uid) {
        return completedAndGone.containsKey(uid);
    }

    /** @param listener told on the informers' threads: has to be quick */
    public void listen(Consumer<Key> listener) {
        listeners.add(listener);
    }

    private void tell(HasMetadata object) {
        Key key = key(object);
        if (key != null) {
            listeners.forEach(listener -> listener.accept(key));
        }
    }

    /** Every component that has a workload. */
    public Collection<Key> components() {
        return workloads()
                .flatMap(informer -> informer.getIndexer().list().stream())
                .map(ClusterWatch::key)
                .filter(Objects::nonNull)
                .distinct()
                .toList();
    }

    private Stream<SharedIndexInformer<? extends HasMetadata>> workloads() {
        return Stream.of(deployments, sets, daemons, jobs, crons, outside);
    }

    /** A workload of this Slipway, whosever it is; {@code null}: it is not there, or of no kind that is watched. */
    @Nullable
    HasMetadata workload(String kind, String namespace, String name) {
        @Nullable
        SharedIndexInformer<? extends HasMetadata> informer = switch (kind) {
            case "Deployment" -> deployments;
            case "StatefulSet" -> sets;
            case "DaemonSet" -> daemons;
            case "Job" -> jobs;
            default -> null;
        };
        return informer == null ? null : named(informer, namespace, name);
    }

    static <T extends HasMetadata> @Nullable T named(SharedIndexInformer<T> informer, String namespace, String name) {
        return informer.getIndexer().byIndex(Cache.NAMESPACE_INDEX, namespace).stream()
                .filter(object -> name.equals(object.getMetadata().getName()))
                .findFirst()
                .orElse(null);
    }

    @Override
    public View view(Key key) {
        String index = index(key);
        // While its kind changes, a component has two: what it was goes when what it will be is there.
        HasMetadata workload = workloads()
                .<HasMetadata>flatMap(informer -> informer.getIndexer().byIndex(BY_COMPONENT, index).stream())
                .max(Comparator.<HasMetadata, Boolean>comparing(object -> object instanceof Service)
                        .thenComparing(object ->
                                Objects.requireNonNullElse(object.getMetadata().getCreationTimestamp(), "")))
                .orElse(null);
        return new View(
                workload,
                replicaSets.getIndexer().byIndex(BY_COMPONENT, index),
                pods.getIndexer().byIndex(BY_COMPONENT, index));
    }

    private static @Nullable Key key(HasMetadata object) {
        Map<String, String> labels = object.getMetadata().getLabels();
        if (labels == null || labels.get(Labels.ENVIRONMENT) == null || labels.get(Labels.COMPONENT) == null) {
            return null;
        }
        return new Key(labels.get(Labels.ENVIRONMENT), labels.get(Labels.COMPONENT));
    }

    private static String index(Key key) {
        return key.environmentId() + "/" + key.component();
    }

    @Override
    public void close() {
        informers.forEach(SharedIndexInformer::stop);
    }
}
