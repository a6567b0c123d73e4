package dev.slipway.activities.kubernetes;

import dev.slipway.activities.kubernetes.render.RenderedObject;
import dev.slipway.activities.kubernetes.render.Rendering;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What Kubernetes would refuse for its size alone, found before anything is written. The document's own check sees files as
 * their author wrote them; here everything they look up is filled in.
 */
final class OversizedObjects {
    /** Of all values together, in a ConfigMap or Secret: MaxSecretSize of the API. */
    private static final long DATA = 1 << 20;

    /** Of a request to etcd, its default. */
    private static final long WHOLE = 3 << 19;

    private static final int PARTS_SHOWN = 3;

    private OversizedObjects() {}

    static List<Problem> of(Rendering rendering) {
        return rendering
                .objects()
                .map(OversizedObjects::of)
                .flatMap(Optional::stream)
                .toList();
    }

    private static Optional<Problem> of(RenderedObject object) {
        Map<String, Long> parts = parts(object.object());
        long data = parts.values().stream().mapToLong(Long::longValue).sum();
        if (data > DATA) {
            return Optional.of(problem(object, data, DATA, parts));
        }
        long whole = bytes(Serialization.asJson(object.object()));
        return whole > WHOLE ? Optional.of(problem(object, whole, WHOLE, parts)) : Optional.empty();
    }

    private static Map<String, Long> parts(HasMetadata object) {
        Map<String, Long> parts = new TreeMap<>();
        if (object instanceof ConfigMap map) {
            Objects.requireNonNullElse(map.getData(), Map.<String, String>of())
                    .forEach((key, value) -> parts.put(key, bytes(value)));
        } else if (object instanceof Secret secret) {
            Objects.requireNonNullElse(secret.getData(), Map.<String, String>of())
                    .forEach((key, value) ->
                            parts.put(key, (long) Base64.getDecoder().decode(value).length));
        }
        return parts;
    }

    private static long bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    private static Problem problem(RenderedObject object, long bytes, long limit, Map<String, Long> parts) {
        String largest = parts.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
                .limit(PARTS_SHOWN)
                .map(part -> part.getKey() + " (" + part.getValue() + ")")
                .collect(Collectors.joining(", "));
        return Problem.of(
                ProblemCode.KUBERNETES_OBJECT_TOO_BIG,
                ClusterWriter.where(object),
                "object",
                object.ref().subject(),
                "component",
                object.ref().component(),
                "bytes",
                Long.toString(bytes),
                "limit",
                Long.toString(limit),
                "parts",
                largest.isEmpty() ? "-" : largest);
    }
}
