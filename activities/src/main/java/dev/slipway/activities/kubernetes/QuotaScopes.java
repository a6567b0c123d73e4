package dev.slipway.activities.kubernetes;

import dev.slipway.activities.kubernetes.Demand.Defaults;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.ResourceQuota;
import io.fabric8.kubernetes.api.model.ScopedResourceSelectorRequirement;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Which pods a quota counts. A class of priority that the cluster gives to pods without one is not known here, and quotas for
 * other scopes (affinity across namespaces, attributes of volumes) count nothing that Slipway writes. Pure.
 *
 * @see <a href="https://kubernetes.io/docs/concepts/policy/resource-quotas/#quota-scopes">Quota scopes</a>
 */
final class QuotaScopes {
    private QuotaScopes() {}

    /** All scopes have to hold. */
    static Predicate<PodSpec> of(ResourceQuota quota, Defaults defaults) {
        return pod -> requirements(quota).stream().allMatch(requirement -> holds(requirement, pod, defaults));
    }

    private static List<ScopedResourceSelectorRequirement> requirements(ResourceQuota quota) {
        List<ScopedResourceSelectorRequirement> all = new ArrayList<>();
        if (quota.getSpec() == null) {
            return all;
        }
        Objects.requireNonNullElse(quota.getSpec().getScopes(), List.<String>of())
                .forEach(scope -> all.add(new ScopedResourceSelectorRequirement("Exists", scope, List.of())));
        if (quota.getSpec().getScopeSelector() != null
                && quota.getSpec().getScopeSelector().getMatchExpressions() != null) {
            all.addAll(quota.getSpec().getScopeSelector().getMatchExpressions());
        }
        return all;
    }

    private static boolean holds(ScopedResourceSelectorRequirement requirement, PodSpec pod, Defaults defaults) {
        return switch (requirement.getScopeName()) {
            case "BestEffort" -> bestEffort(pod, defaults);
            case "NotBestEffort" -> !bestEffort(pod, defaults);
            case "Terminating" -> pod.getActiveDeadlineSeconds() != null;
            case "NotTerminating" -> pod.getActiveDeadlineSeconds() == null;
            case "PriorityClass" -> priority(requirement, Objects.requireNonNullElse(pod.getPriorityClassName(), ""));
            default -> false;
        };
    }

    private static boolean priority(ScopedResourceSelectorRequirement requirement, String name) {
        List<String> values = Objects.requireNonNullElse(requirement.getValues(), List.of());
        return switch (requirement.getOperator()) {
            case "In" -> values.contains(name);
            case "NotIn" -> !values.contains(name);
            case "DoesNotExist" -> name.isEmpty();
            default -> !name.isEmpty();
        };
    }

    /** No container asks for, or is limited in, processor or memory. */
    private static boolean bestEffort(PodSpec pod, Defaults defaults) {
        return Stream.concat(
                        pod.getContainers().stream(),
                        Objects.requireNonNullElse(pod.getInitContainers(), List.<Container>of()).stream())
                .flatMap(container -> Demand.ofContainer(container, defaults).entrySet().stream())
                .noneMatch(amount -> amount.getValue().signum() > 0
                        && (amount.getKey().endsWith(".cpu") || amount.getKey().endsWith(".memory")));
    }
}
