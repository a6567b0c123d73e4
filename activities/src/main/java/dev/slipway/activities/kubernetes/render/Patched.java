package dev.slipway.activities.kubernetes.render;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.slipway.workflows.application.Component;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.KubernetesResource;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.lang.reflect.Field;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * A component's workload with the author's {@code patch} merged into it. What Slipway finds its objects by, and the image that
 * the release records, stay as they were rendered.
 */
final class Patched {
    private static final List<String> ROOT = List.of("metadata", "spec");
    private static final List<String> METADATA = List.of("annotations", "labels");
    private static final List<String> SPEC = List.of("selector", "serviceName", "volumeClaimTemplates");

    private final Component component;
    /** Where the workload keeps what its pods are. */
    private final String template;

    private final List<Problem> problems = new ArrayList<>();

    private Patched(Component component) {
        this.component = component;
        this.template = component.kind() == Component.Kind.CRON ? "spec.jobTemplate.spec.template" : "spec.template";
    }

    /**
     * The workload itself when there is no patch.
     *
     * @throws ProblemException {@code SLP-DOC-PATCH} for every field that does not exist or cannot be patched, {@code
     *     SLP-DOC-TYPE} for a value of the wrong type
     */
    static HasMetadata of(Component component, HasMetadata workload) {
        return component.patch().isEmpty() ? workload : new Patched(component).apply(workload);
    }

    private HasMetadata apply(HasMetadata workload) {
        fields("", component.patch(), workload.getClass());
        reserved();
        fail();
        HasMetadata patched = converted(workload);
        kept("metadata.labels", labels(workload), labels(patched));
        Map<?, ?> before = template(workload);
        Map<?, ?> after = template(patched);
        kept(template + ".metadata.labels", at(before, "metadata", "labels"), at(after, "metadata", "labels"));
        kept(
                template + ".metadata.annotations",
                at(before, "metadata", "annotations"),
                at(after, "metadata", "annotations"));
        if (!Objects.equals(image(before), image(after))) {
            refuse(template + ".spec.containers[name=" + component.name() + "].image", "source");
        }
        if (!workload.getMetadata().getName().equals(patched.getMetadata().getName())) {
            refuse("metadata", String.join(", ", METADATA));
        }
        if (component.scale() != null
                && component.patch().get("spec") instanceof Map<?, ?> spec
                && spec.containsKey("replicas")) {
            refuse("spec.replicas", "scale");
        }
        for (String field : SPEC) {
            if (!Objects.equals(at(Trees.of(workload), "spec", field), at(Trees.of(patched), "spec", field))) {
                refuse("spec." + field, "replicas, template");
            }
        }
        fail();
        return patched;
    }

    private HasMetadata converted(HasMetadata workload) {
        try {
            Map<String, Object> merged = StrategicMerge.merge(Trees.of(workload), component.patch());
            return Serialization.jsonMapper().convertValue(merged, workload.getClass());
        } catch (StrategicMerge.Misfit e) {
            throw new ProblemException(problem(e.path(), e.expected()), e);
        } catch (JacksonException e) {
            throw new ProblemException(problem(path(e), Objects.toString(e.getOriginalMessage(), "")), e);
        }
    }

    private static String path(JacksonException e) {
        StringBuilder path = new StringBuilder();
        for (JacksonException.Reference step : e.getPath()) {
            if (step.getPropertyName() == null) {
                path.append('[').append(step.getIndex()).append(']');
            } else {
                path.append(path.isEmpty() ? "" : ".").append(step.getPropertyName());
            }
        }
        return path.toString();
    }

    /** Every field of the patch that the kind does not have. */
    private void fields(String path, Map<?, ?> patch, Class<?> type) {
        Map<String, Type> known = known(type);
        patch.forEach((key, value) -> {
            String name = String.valueOf(key);
            if (name.startsWith("$")) {
                return;
            }
            String at = path.isEmpty() ? name : path + "." + name;
            Type field = known.get(name);
            if (field == null) {
                refuse(at, String.join(", ", known.keySet()));
            } else {
                below(at, value, field);
            }
        });
    }

    private void below(String at, @Nullable Object value, Type type) {
        if (value instanceof List<?> list && type instanceof ParameterizedType generic) {
            Type element = generic.getActualTypeArguments()[0];
            for (int i = 0; i < list.size(); i++) {
                below(at + "[" + i + "]", list.get(i), element);
            }
        } else if (type instanceof Class<?> plain && KubernetesResource.class.isAssignableFrom(plain)) {
            if (value instanceof Map<?, ?> map && !known(plain).isEmpty()) {
                fields(at, map, plain);
            }
        }
    }

    private static Map<String, Type> known(Class<?> type) {
        Map<String, Type> known = new TreeMap<>();
        for (Class<?> level = type; level != null; level = level.getSuperclass()) {
            for (Field field : level.getDeclaredFields()) {
                JsonProperty property = field.getAnnotation(JsonProperty.class);
                if (property != null) {
                    known.put(property.value(), field.getGenericType());
                }
            }
        }
        return known;
    }

    private void reserved() {
        outside("", component.patch(), ROOT);
        if (component.patch().get("metadata") instanceof Map<?, ?> metadata) {
            outside("metadata.", metadata, METADATA);
            ours("metadata.annotations", metadata.get("annotations"));
            ours("metadata.labels", metadata.get("labels"));
        }
    }

    private void outside(String prefix, Map<?, ?> map, List<String> allowed) {
        map.keySet().stream()
                .map(String::valueOf)
                .filter(name -> !allowed.contains(name))
                .forEach(name -> refuse(prefix + name, String.join(", ", allowed)));
    }

    private void ours(String at, @Nullable Object map) {
        if (map instanceof Map<?, ?> given) {
            given.keySet().stream()
                    .map(String::valueOf)
                    .filter(name -> name.startsWith("slipway.dev/"))
                    .forEach(name -> refuse(at + "[" + name + "]", "example.com/name"));
        }
    }

    /** What was rendered is still there, with the same value. */
    private void kept(String at, @Nullable Object before, @Nullable Object after) {
        Map<?, ?> now = after instanceof Map<?, ?> map ? map : Map.of();
        if (before instanceof Map<?, ?> rendered) {
            rendered.forEach((name, value) -> {
                if (!value.equals(now.get(name))) {
                    refuse(at + "[" + name + "]", String.valueOf(value));
                }
            });
        }
    }

    private static @Nullable Object labels(HasMetadata object) {
        return object.getMetadata().getLabels();
    }

    private Map<?, ?> template(HasMetadata workload) {
        Object at = Trees.of(workload);
        for (String field : template.split("\\.")) {
            at = at instanceof Map<?, ?> map ? map.get(field) : null;
        }
        return at instanceof Map<?, ?> found ? found : Map.of();
    }

    private @Nullable Object image(Map<?, ?> template) {
        if (at(template, "spec", "containers") instanceof List<?> containers) {
            for (Object container : containers) {
                if (container instanceof Map<?, ?> map && component.name().equals(map.get("name"))) {
                    return map.get("image");
                }
            }
        }
        return null;
    }

    private static @Nullable Object at(Map<?, ?> tree, String first, String second) {
        return tree.get(first) instanceof Map<?, ?> map ? map.get(second) : null;
    }

    private void refuse(String path, String expected) {
        Problem problem = problem(path, expected);
        if (problems.stream().noneMatch(known -> known.where().equals(problem.where()))) {
            problems.add(problem);
        }
    }

    private Problem problem(String path, String expected) {
        String shown = path.isEmpty() ? "patch" : "patch." + path;
        return Problem.of(
                ProblemCode.DOC_PATCH,
                "component " + component.name() + ", " + shown,
                "field",
                shown,
                "expected",
                expected);
    }

    private void fail() {
        if (!problems.isEmpty()) {
            throw new ProblemException(problems);
        }
    }
}
