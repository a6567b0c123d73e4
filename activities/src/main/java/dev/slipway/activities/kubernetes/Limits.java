package dev.slipway.activities.kubernetes;

import dev.slipway.activities.kubernetes.Demand.Defaults;
import dev.slipway.activities.kubernetes.render.RenderedObject;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.LimitRange;
import io.fabric8.kubernetes.api.model.LimitRangeItem;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceQuota;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Whether what is to be written fits the namespace's quotas and limit ranges: what would be used, less what the same objects
 * use now, against what is left; and for a moment one pod more where a new revision starts before the old one goes. A quota
 * counts the pods of its scopes only. Pure.
 *
 * @see <a href="https://kubernetes.io/docs/concepts/policy/resource-quotas/">Resource quotas</a>
 */
final class Limits {
    private final List<ResourceQuota> quotas;
    private final List<LimitRange> ranges;
    private final String namespace;
    private final Defaults defaults;

    Limits(List<ResourceQuota> quotas, List<LimitRange> ranges, String namespace) {
        this.quotas = quotas;
        this.ranges = ranges;
        this.namespace = namespace;
        this.defaults = defaults(ranges);
    }

    List<Problem> check(List<RenderedObject> written, LiveState live) {
        List<Problem> problems = new ArrayList<>();
        for (RenderedObject object : written) {
            HasMetadata there = live.object(object.ref().subject()).orElse(null);
            PodSpec pod = Demand.pod(object.object());
            if (pod != null) {
                unspecified(object, pod, problems);
                ranged(object, pod, problems);
            } else if (object.object() instanceof PersistentVolumeClaim claim && there == null) {
                ranged(object, claim, problems);
            }
        }
        for (ResourceQuota quota : quotas) {
            Predicate<PodSpec> counted = QuotaScopes.of(quota, defaults);
            Demand more = new Demand();
            Map<String, BigDecimal> surge = new TreeMap<>();
            for (RenderedObject object : written) {
                HasMetadata there = live.object(object.ref().subject()).orElse(null);
                grow(object.object(), there, live, counted, more);
                PodSpec pod = Demand.pod(object.object());
                if (pod != null && there != null && counted.test(pod)) {
                    new Demand()
                            .add(Demand.ofPod(pod, defaults), Demand.surge(object.object()))
                            .amounts()
                            .forEach((resource, amount) -> surge.merge(resource, amount, BigDecimal::max));
                }
            }
            quota(quota, more, surge, problems);
        }
        return problems;
    }

    private void grow(
            HasMetadata wished, @Nullable HasMetadata there, LiveState live, Predicate<PodSpec> counted, Demand more) {
        // A pod is counted as one below; of a kind of no type here, nobody knows what a quota calls it.
        if (there == null && !(wished instanceof GenericKubernetesResource)) {
            more.count(wished);
        }
        PodSpec pod = Demand.pod(wished);
        if (pod != null && counted.test(pod)) {
            more.add(Demand.ofPod(pod, defaults), Demand.pods(wished, false));
        }
        PodSpec before = Demand.pod(there);
        if (before != null && counted.test(before)) {
            more.add(Demand.ofPod(before, defaults), -Demand.pods(there, true));
        }
        if (wished instanceof PersistentVolumeClaim claim) {
            more.claim(claim, 1);
            if (there instanceof PersistentVolumeClaim old) {
                more.claim(old, -1);
            }
        }
        if (wished instanceof StatefulSet set) {
            for (PersistentVolumeClaim template : set.getSpec().getVolumeClaimTemplates()) {
                for (int i = 0; i < Demand.pods(set, false); i++) {
                    String name = template.getMetadata().getName() + "-"
                            + set.getMetadata().getName() + "-" + i;
                    if (live.object("PersistentVolumeClaim/" + name).isEmpty()) {
                        more.claim(template, 1).count(template);
                    }
                }
            }
        }
    }

    private void quota(ResourceQuota quota, Demand more, Map<String, BigDecimal> surge, List<Problem> problems) {
        Map<String, Quantity> used =
                quota.getStatus() == null || quota.getStatus().getUsed() == null
                        ? Map.of()
                        : quota.getStatus().getUsed();
        hard(quota).forEach((resource, limit) -> {
            String asked = asked(resource);
            BigDecimal need = more.of(asked).add(surge.getOrDefault(asked, BigDecimal.ZERO));
            BigDecimal now = used.containsKey(resource) ? Demand.amount(used.get(resource)) : BigDecimal.ZERO;
            if (need.signum() > 0 && now.add(need).compareTo(Demand.amount(limit)) > 0) {
                problems.add(Problem.of(
                        ProblemCode.KUBERNETES_QUOTA,
                        "ResourceQuota " + namespace + "/" + quota.getMetadata().getName(),
                        "resource",
                        resource,
                        "needed",
                        shown(asked, need),
                        "used",
                        shown(asked, now),
                        "hard",
                        shown(asked, Demand.amount(limit))));
            }
        });
    }

    private static Map<String, Quantity> hard(ResourceQuota quota) {
        return quota.getSpec() == null
                ? Map.of()
                : Objects.requireNonNullElse(quota.getSpec().getHard(), Map.of());
    }

    /** {@code cpu} in a quota is short for the requests of it. */
    private static String asked(String resource) {
        return resource.equals("cpu") || resource.equals("memory") ? "requests." + resource : resource;
    }

    /** A quota on requests or limits lets no container in that has none. */
    private void unspecified(RenderedObject object, PodSpec pod, List<Problem> problems) {
        Set<String> missing = new TreeSet<>();
        for (ResourceQuota quota : quotas) {
            if (QuotaScopes.of(quota, defaults).test(pod)) {
                for (String resource : hard(quota).keySet()) {
                    String asked = asked(resource);
                    boolean compute = asked.equals("requests.cpu")
                            || asked.equals("requests.memory")
                            || asked.equals("limits.cpu")
                            || asked.equals("limits.memory");
                    if (compute
                            && pod.getContainers().stream()
                                    .anyMatch(container -> !Demand.ofContainer(container, defaults)
                                            .containsKey(asked))) {
                        missing.add(asked);
                    }
                }
            }
        }
        if (!missing.isEmpty()) {
            problems.add(Problem.of(
                    ProblemCode.KUBERNETES_QUOTA_UNSPECIFIED,
                    ClusterWriter.where(object),
                    "namespace",
                    namespace,
                    "missing",
                    String.join(", ", missing)));
        }
    }

    private void ranged(RenderedObject object, PodSpec pod, List<Problem> problems) {
        for (LimitRangeItem item : items("Container")) {
            for (Container container : pod.getContainers()) {
                ranged(object, container.getName(), item, Demand.ofContainer(container, defaults), problems);
            }
        }
        for (LimitRangeItem item : items("Pod")) {
            ranged(object, "pod", item, Demand.ofPod(pod, defaults), problems);
        }
    }

    private void ranged(RenderedObject object, PersistentVolumeClaim claim, List<Problem> problems) {
        BigDecimal size = new Demand().claim(claim, 1).of("requests.storage");
        for (LimitRangeItem item : items("PersistentVolumeClaim")) {
            ranged(
                    object,
                    claim.getMetadata().getName(),
                    item,
                    Map.of("requests.storage", size, "limits.storage", size),
                    problems);
        }
    }

    private void ranged(
            RenderedObject object,
            String part,
            LimitRangeItem item,
            Map<String, BigDecimal> amounts,
            List<Problem> problems) {
        map(item.getMin()).forEach((resource, bound) -> {
            BigDecimal request = amounts.get("requests." + resource);
            if (request != null && request.compareTo(Demand.amount(bound)) < 0) {
                problems.add(outside(object, part, "requests." + resource, request, "min", bound));
            }
        });
        map(item.getMax()).forEach((resource, bound) -> {
            BigDecimal request = amounts.getOrDefault("requests." + resource, BigDecimal.ZERO);
            BigDecimal most = request.max(amounts.getOrDefault("limits." + resource, BigDecimal.ZERO));
            if (most.compareTo(Demand.amount(bound)) > 0) {
                problems.add(outside(object, part, "limits." + resource, most, "max", bound));
            }
        });
        map(item.getMaxLimitRequestRatio()).forEach((resource, bound) -> {
            BigDecimal request = amounts.get("requests." + resource);
            BigDecimal limit = amounts.get("limits." + resource);
            if (request != null && limit != null && request.signum() > 0) {
                BigDecimal ratio = limit.divide(request, 3, RoundingMode.UP);
                if (ratio.compareTo(Demand.amount(bound)) > 0) {
                    problems.add(outside(object, part, resource, ratio, "maxLimitRequestRatio", bound));
                }
            }
        });
    }

    private Problem outside(
            RenderedObject object, String part, String resource, BigDecimal amount, String rule, Quantity bound) {
        return Problem.of(
                ProblemCode.KUBERNETES_LIMIT_RANGE,
                ClusterWriter.where(object),
                "namespace",
                namespace,
                "part",
                part,
                "resource",
                resource,
                "amount",
                shown(resource, amount),
                "rule",
                rule,
                "bound",
                bound.toString());
    }

    private List<LimitRangeItem> items(String type) {
        return items(ranges, type);
    }

    private static List<LimitRangeItem> items(List<LimitRange> ranges, String type) {
        return ranges.stream()
                .flatMap(range -> range.getSpec().getLimits().stream())
                .filter(item -> type.equals(item.getType()))
                .toList();
    }

    private static Defaults defaults(List<LimitRange> ranges) {
        Map<String, Quantity> requests = new TreeMap<>();
        Map<String, Quantity> limits = new TreeMap<>();
        for (LimitRangeItem item : items(ranges, "Container")) {
            map(item.getMax()).forEach(limits::putIfAbsent);
            limits.putAll(map(item.getDefault()));
            map(item.getMin()).forEach(requests::putIfAbsent);
            limits.forEach(requests::put);
            requests.putAll(map(item.getDefaultRequest()));
        }
        return new Defaults(requests, limits);
    }

    private static Map<String, Quantity> map(@Nullable Map<String, Quantity> some) {
        return Objects.requireNonNullElse(some, Map.of());
    }

    /** {@code 250m} of a processor, {@code 512Mi} of memory, as documents write them. */
    static String shown(String resource, BigDecimal amount) {
        if (resource.endsWith("cpu")) {
            BigDecimal millis = amount.multiply(BigDecimal.valueOf(1000)).setScale(0, RoundingMode.UP);
            return millis.remainder(BigDecimal.valueOf(1000)).signum() == 0
                    ? millis.divide(BigDecimal.valueOf(1000), RoundingMode.UNNECESSARY)
                            .toPlainString()
                    : millis.toPlainString() + "m";
        }
        if (resource.endsWith("memory") || resource.endsWith("storage")) {
            BigDecimal unit = BigDecimal.valueOf(1L << 20);
            return amount.divide(unit, 1, RoundingMode.HALF_UP)
                            .stripTrailingZeros()
                            .toPlainString() + "Mi";
        }
        return amount.stripTrailingZeros().toPlainString();
    }
}
