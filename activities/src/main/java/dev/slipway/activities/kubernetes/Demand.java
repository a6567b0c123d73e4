package dev.slipway.activities.kubernetes;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.VolumeResourceRequirements;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobTemplateSpec;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** How much of a namespace objects take up, in the words of a ResourceQuota: {@code requests.cpu}, {@code pods}. Pure. */
final class Demand {
    private final Map<String, BigDecimal> amounts = new TreeMap<>();

    Map<String, BigDecimal> amounts() {
        return amounts;
    }

    BigDecimal of(String resource) {
        return amounts.getOrDefault(resource, BigDecimal.ZERO);
    }

    Demand add(String resource, BigDecimal amount) {
        amounts.merge(resource, amount, BigDecimal::add);
        return this;
    }

    Demand add(Map<String, BigDecimal> some, int times) {
        some.forEach((resource, amount) -> add(resource, amount.multiply(BigDecimal.valueOf(times))));
        return this;
    }

    /** One of the kind itself, as quotas count objects. */
    Demand count(HasMetadata object) {
        String plural = HasMetadata.getPlural(object.getClass());
        String group = HasMetadata.getGroup(object.getClass());
        add("count/" + plural + (group.isEmpty() ? "" : "." + group), BigDecimal.ONE);
        return group.isEmpty() ? add(plural, BigDecimal.ONE) : this;
    }

    Demand claim(PersistentVolumeClaim claim, int times) {
        VolumeResourceRequirements resources = claim.getSpec().getResources();
        Quantity size = resources == null || resources.getRequests() == null
                ? null
                : resources.getRequests().get("storage");
        return add("requests.storage", size == null ? BigDecimal.ZERO : amount(size), times);
    }

    private Demand add(String resource, BigDecimal amount, int times) {
        return add(resource, amount.multiply(BigDecimal.valueOf(times)));
    }

    static BigDecimal amount(Quantity quantity) {
        return Quantity.getAmountInBytes(quantity);
    }

    /** {@code null}: the object runs no pods. */
    static @Nullable PodSpec pod(@Nullable HasMetadata object) {
        PodTemplateSpec template = null;
        HasMetadata typed = object == null ? null : RawHealth.typed(object);
        if (typed instanceof Pod pod) {
            return pod.getSpec();
        }
        if (typed instanceof Deployment deployment && deployment.getSpec() != null) {
            template = deployment.getSpec().getTemplate();
        } else if (typed instanceof StatefulSet set && set.getSpec() != null) {
            template = set.getSpec().getTemplate();
        } else if (typed instanceof DaemonSet set && set.getSpec() != null) {
            template = set.getSpec().getTemplate();
        } else if (typed instanceof ReplicaSet set && set.getSpec() != null) {
            template = set.getSpec().getTemplate();
        } else if (typed instanceof Job job && job.getSpec() != null) {
            template = job.getSpec().getTemplate();
        } else if (typed instanceof CronJob cron && cron.getSpec() != null) {
            JobTemplateSpec jobs = cron.getSpec().getJobTemplate();
            template = jobs == null || jobs.getSpec() == null
                    ? null
                    : jobs.getSpec().getTemplate();
        }
        return template == null ? null : template.getSpec();
    }

    /** How many pods it keeps at a time; of a job that is there, those that have not ended. */
    static int pods(@Nullable HasMetadata raw, boolean there) {
        HasMetadata object = raw == null ? null : RawHealth.typed(raw);
        if (object instanceof Pod pod) {
            String phase = pod.getStatus() == null ? "" : pod.getStatus().getPhase();
            return "Succeeded".equals(phase) || "Failed".equals(phase) ? 0 : 1;
        }
        if (object instanceof ReplicaSet set) {
            return Objects.requireNonNullElse(set.getSpec().getReplicas(), 1);
        }
        if (object instanceof Deployment deployment) {
            return Objects.requireNonNullElse(deployment.getSpec().getReplicas(), 1);
        }
        if (object instanceof StatefulSet set) {
            return Objects.requireNonNullElse(set.getSpec().getReplicas(), 1);
        }
        if (object instanceof DaemonSet set) {
            Integer scheduled = set.getStatus() == null ? null : set.getStatus().getDesiredNumberScheduled();
            return scheduled == null ? 1 : scheduled;
        }
        if (object instanceof Job job) {
            Integer active = job.getStatus() == null ? null : job.getStatus().getActive();
            return there
                    ? Objects.requireNonNullElse(active, 0)
                    : Objects.requireNonNullElse(job.getSpec().getParallelism(), 1);
        }
        return 0;
    }

    /** Pods that a new revision adds before the first old one goes. */
    static int surge(HasMetadata object) {
        if (!(object instanceof Deployment deployment)
                || deployment.getSpec().getStrategy() == null
                || deployment.getSpec().getStrategy().getRollingUpdate() == null) {
            return 0;
        }
        IntOrString surge =
                deployment.getSpec().getStrategy().getRollingUpdate().getMaxSurge();
        Integer number = surge == null ? null : surge.getIntVal();
        return number == null ? 0 : number;
    }

    /** What a pod counts for: its containers together, or the greediest init container when that is more. */
    static Map<String, BigDecimal> ofPod(PodSpec pod, Defaults defaults) {
        Demand sum = new Demand().add("pods", BigDecimal.ONE).add("count/pods", BigDecimal.ONE);
        pod.getContainers().forEach(container -> sum.add(ofContainer(container, defaults), 1));
        for (Container container : Objects.requireNonNullElse(pod.getInitContainers(), List.<Container>of())) {
            if ("Always".equals(container.getRestartPolicy())) {
                sum.add(ofContainer(container, defaults), 1);
            } else {
                ofContainer(container, defaults)
                        .forEach((resource, amount) -> sum.amounts.merge(resource, amount, BigDecimal::max));
            }
        }
        return sum.amounts;
    }

    /** Requests and limits, with what the namespace's defaults make of those that are not given. */
    static Map<String, BigDecimal> ofContainer(Container container, Defaults defaults) {
        ResourceRequirements own = Objects.requireNonNullElseGet(container.getResources(), ResourceRequirements::new);
        Map<String, Quantity> requests = Objects.requireNonNullElse(own.getRequests(), Map.of());
        Map<String, Quantity> limits = Objects.requireNonNullElse(own.getLimits(), Map.of());
        Map<String, BigDecimal> amounts = new TreeMap<>();
        for (String resource : List.of("cpu", "memory", "ephemeral-storage")) {
            Quantity limit = limits.getOrDefault(resource, defaults.limits().get(resource));
            Quantity request = requests.get(resource);
            if (request == null) {
                request = limits.containsKey(resource)
                        ? limits.get(resource)
                        : defaults.requests().getOrDefault(resource, limit);
            }
            if (limit != null) {
                amounts.put("limits." + resource, amount(limit));
            }
            if (request != null) {
                amounts.put("requests." + resource, amount(request));
            }
        }
        return amounts;
    }

    /** What containers get that ask for nothing. */
    record Defaults(Map<String, Quantity> requests, Map<String, Quantity> limits) {}
}
