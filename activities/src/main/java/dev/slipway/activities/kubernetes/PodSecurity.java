package dev.slipway.activities.kubernetes;

import dev.slipway.activities.kubernetes.render.RenderedObject;
import dev.slipway.workflows.application.Application;
import dev.slipway.workflows.application.Component;
import dev.slipway.workflows.application.SecuritySettings.Profile;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.run.PlanItem;
import dev.slipway.workflows.run.PlanItem.Decision;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.PodSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Whether the namespace will let the pods of components and of raw objects in. Slipway sets the level itself; where it is left to somebody else,
 * theirs counts. Pure.
 *
 * @see <a href="https://kubernetes.io/docs/concepts/security/pod-security-admission/">Pod Security Admission</a>
 */
final class PodSecurity {
    private static final String ENFORCE = "pod-security.kubernetes.io/enforce";

    private PodSecurity() {}

    /**
     * @param live {@code null}: there is no namespace yet
     * @param planned what the plan does with the namespace
     */
    static List<Problem> check(
            Application application,
            RenderedObject namespace,
            @Nullable Namespace live,
            @Nullable PlanItem planned,
            List<RenderedObject> written) {
        boolean theirs = planned != null
                && planned.conflicts().stream()
                        .anyMatch(conflict -> conflict.field().equals("metadata.labels." + ENFORCE)
                                && (conflict.decision() == Decision.LEAVE || conflict.decision() == Decision.STOP));
        String word = label(theirs && live != null ? live : namespace.object());
        Profile level = profile(word);
        Set<String> changing =
                written.stream().map(object -> object.ref().component()).collect(Collectors.toSet());
        List<Problem> problems = new ArrayList<>();
        for (Component component : application.components()) {
            Profile profile = component.security().profile() == null
                    ? Profile.RESTRICTED
                    : component.security().profile();
            if (level != null && profile.compareTo(level) > 0 && changing.contains(component.name())) {
                problems.add(Problem.of(
                        ProblemCode.KUBERNETES_POD_SECURITY,
                        "component " + component.name(),
                        "namespace",
                        namespace.ref().name(),
                        "level",
                        String.valueOf(word),
                        "profile",
                        profile.name().toLowerCase(Locale.ROOT)));
            }
        }
        if (level != null) {
            written.forEach(object -> raw(object, namespace.ref().name(), level).ifPresent(problems::add));
        }
        return problems;
    }

    /** Whether it is the cluster's own word for what is found here. */
    static boolean says(Problem refused) {
        return refused.arguments().getOrDefault("message", "").contains("violates PodSecurity");
    }

    private static Optional<Problem> raw(RenderedObject object, String namespace, Profile level) {
        PodSpec pod = object.ref().component().isEmpty() ? Demand.pod(object.object()) : null;
        return Optional.ofNullable(pod)
                .map(PodStandard::of)
                .filter(standard -> standard.profile().compareTo(level) > 0)
                .map(standard -> Problem.of(
                        ProblemCode.KUBERNETES_RAW_POD_SECURITY,
                        ClusterWriter.where(object),
                        "namespace",
                        namespace,
                        "level",
                        level.name().toLowerCase(Locale.ROOT),
                        "profile",
                        standard.profile().name().toLowerCase(Locale.ROOT),
                        "fields",
                        String.join(", ", standard.fields())));
    }

    private static @Nullable String label(HasMetadata object) {
        Map<String, String> labels = object.getMetadata().getLabels();
        return labels == null ? null : labels.get(ENFORCE);
    }

    /** A level that Kubernetes does not know enforces nothing that could be foreseen. */
    private static @Nullable Profile profile(@Nullable String word) {
        for (Profile profile : Profile.values()) {
            if (profile.name().toLowerCase(Locale.ROOT).equals(word)) {
                return profile;
            }
        }
        return null;
    }
}
