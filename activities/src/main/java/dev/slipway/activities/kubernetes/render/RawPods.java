package dev.slipway.activities.kubernetes.render;

import dev.slipway.workflows.application.ImageReference;
import dev.slipway.workflows.problem.ProblemException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The pods that raw objects make, as plain maps: what they pull, and with which secrets. */
final class RawPods {
    private static final List<String> TEMPLATE = List.of("spec", "template", "spec");
    private static final Map<String, List<String>> SPECS = Map.of(
            "apps/v1/Deployment", TEMPLATE,
            "apps/v1/StatefulSet", TEMPLATE,
            "apps/v1/DaemonSet", TEMPLATE,
            "apps/v1/ReplicaSet", TEMPLATE,
            "batch/v1/Job", TEMPLATE,
            "batch/v1/CronJob", List.of("spec", "jobTemplate", "spec", "template", "spec"),
            "v1/Pod", List.of("spec"));

    private static final String SECRETS = "imagePullSecrets";

    private RawPods() {}

    /** What its pods pull, with the registry's name, also where that is left out. */
    static Set<String> images(Map<String, @Nullable Object> object) {
        Set<String> images = new TreeSet<>();
        spec(object).ifPresent(spec -> {
            for (String field : List.of("initContainers", "containers")) {
                if (spec.get(field) instanceof List<?> containers) {
                    containers.forEach(container -> {
                        if (container instanceof Map<?, ?> map && map.get("image") instanceof String image) {
                            images.add(full(image));
                        }
                    });
                }
            }
        });
        return images;
    }

    private static String full(String image) {
        try {
            return ImageReference.parse(image).toString();
        } catch (ProblemException noReference) {
            return image;
        }
    }

    /**
     * Adds the pull secrets that its images need. Whoever names some, in the pods or in their account, has decided.
     *
     * @param decided whether an account of this name has pull secrets in the document
     */
    static void pullWith(Map<String, @Nullable Object> object, List<PullSecret> secrets, Predicate<String> decided) {
        spec(object).ifPresent(spec -> {
            Object account = spec.get("serviceAccountName");
            if (spec.containsKey(SECRETS) || decided.test(account == null ? "default" : String.valueOf(account))) {
                return;
            }
            Set<String> images = images(object);
            List<Object> names = new ArrayList<>();
            secrets.stream()
                    .filter(secret -> images.stream().anyMatch(secret::covers))
                    .forEach(secret -> names.add(new LinkedHashMap<>(Map.of("name", secret.name()))));
            if (!names.isEmpty()) {
                spec.put(SECRETS, names);
            }
        });
    }

    /** An account that brings secrets for its pods. */
    static Optional<String> account(Map<String, @Nullable Object> object) {
        return "ServiceAccount".equals(object.get("kind"))
                        && object.containsKey(SECRETS)
                        && object.get("metadata") instanceof Map<?, ?> metadata
                ? Optional.of(String.valueOf(metadata.get("name")))
                : Optional.empty();
    }

    @SuppressWarnings("unchecked") // of a tree of JSON
    private static Optional<Map<String, @Nullable Object>> spec(Map<String, @Nullable Object> object) {
        List<String> path = SPECS.get(object.get("apiVersion") + "/" + object.get("kind"));
        Object at = path == null ? null : object;
        for (String field : path == null ? List.<String>of() : path) {
            at = at instanceof Map<?, ?> map ? map.get(field) : null;
        }
        return at instanceof Map<?, ?> map ? Optional.of((Map<String, @Nullable Object>) map) : Optional.empty();
    }
}
