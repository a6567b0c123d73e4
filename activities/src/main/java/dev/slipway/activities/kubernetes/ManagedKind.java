package dev.slipway.activities.kubernetes;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.KubernetesResourceList;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.MixedOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.util.Arrays;
import java.util.Optional;

/** The kinds of objects that Slipway writes into a namespace. */
enum ManagedKind {
    CONFIG_MAP(ConfigMap.class),
    SECRET(Secret.class),
    PERSISTENT_VOLUME_CLAIM(PersistentVolumeClaim.class),
    ENDPOINT_SLICE(EndpointSlice.class),
    SERVICE(Service.class),
    INGRESS(Ingress.class),
    POD_DISRUPTION_BUDGET(PodDisruptionBudget.class),
    DEPLOYMENT(Deployment.class),
    STATEFUL_SET(StatefulSet.class),
    DAEMON_SET(DaemonSet.class),
    JOB(Job.class),
    CRON_JOB(CronJob.class),
    HORIZONTAL_POD_AUTOSCALER(HorizontalPodAutoscaler.class);

    private final Class<? extends HasMetadata> type;

    ManagedKind(Class<? extends HasMetadata> type) {
        this.type = type;
    }

    /** {@code ConfigMap}. */
    String word() {
        return type.getSimpleName();
    }

    Class<? extends HasMetadata> type() {
        return type;
    }

    MixedOperation<
                    ? extends HasMetadata,
                    ? extends KubernetesResourceList<? extends HasMetadata>,
                    ? extends Resource<? extends HasMetadata>>
            in(KubernetesClient client) {
        return client.resources(type);
    }

    /** Empty for a kind of a later version: what is not known is not touched. */
    static Optional<ManagedKind> of(String word) {
        return Arrays.stream(values()).filter(kind -> kind.word().equals(word)).findFirst();
    }
}
