package dev.slipway.activities.kubernetes;

import dev.slipway.activities.kubernetes.render.Trees;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Kinds that a cluster has only by a CustomResourceDefinition, as {@code group/Kind}. */
final class CustomKinds {
    private CustomKinds() {}

    /**
     * How a kind is asked for.
     *
     * @param plural {@code widgets}
     */
    record Served(String group, String plural, boolean namespaced) {}

    static String of(GenericKubernetesResource object) {
        return group(object.getApiVersion()) + "/" + object.getKind();
    }

    /** Empty for the core. */
    static String group(String apiVersion) {
        int slash = apiVersion.indexOf('/');
        return slash < 0 ? "" : apiVersion.substring(0, slash);
    }

    /** Which kind the object defines, if it is such a definition. */
    static Optional<String> defined(HasMetadata object) {
        if (!"CustomResourceDefinition".equals(object.getKind())) {
            return Optional.empty();
        }
        Map<String, Object> tree = Trees.of(object);
        return Optional.of(
                Objects.toString(FieldPath.value(tree, "spec.group")) + "/" + FieldPath.value(tree, "spec.names.kind"));
    }

    /** How the kind that such a definition defines will be asked for. */
    static Served served(HasMetadata definition) {
        Map<String, Object> tree = Trees.of(definition);
        return new Served(
                Objects.toString(FieldPath.value(tree, "spec.group")),
                Objects.toString(FieldPath.value(tree, "spec.names.plural")),
                "Namespaced".equals(FieldPath.value(tree, "spec.scope")));
    }
}
