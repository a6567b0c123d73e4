package dev.slipway.activities.kubernetes;

import dev.slipway.activities.kubernetes.render.Trees;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Kinds that a cluster has only by a CustomResourceDefinition, as {@code group/Kind}. */
final class CustomKinds {
    private CustomKinds() {}

    static String of(GenericKubernetesResource object) {
        return group(object.getApiVersion()) + "/" + object.getKind();
    }

    /** Empty for the core. */
    static String group(String apiVersion) {
        int slash = apiVersion.indexOf('/');
        return slash < 0 ? "" : apiVersion.substring(0, slash);
    }

    /**
     * A kind as rights name it.
     *
     * @param resource its plural
     * @param namespaced otherwise it is of the cluster
     */
    record Kind(String group, String resource, boolean namespaced) {}

    /** The kinds that these objects define, as {@code group/Kind}. */
    static Map<String, Kind> defined(Stream<HasMetadata> objects) {
        Map<String, Kind> kinds = new TreeMap<>();
        objects.forEach(object -> defined(object).ifPresent(kind -> {
            Map<String, Object> tree = Trees.of(object);
            kinds.put(
                    kind,
                    new Kind(
                            Objects.toString(FieldPath.value(tree, "spec.group")),
                            Objects.toString(FieldPath.value(tree, "spec.names.plural")),
                            "Namespaced".equals(FieldPath.value(tree, "spec.scope"))));
        }));
        return kinds;
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
}
