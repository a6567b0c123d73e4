package dev.slipway.activities.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import tools.jackson.core.type.TypeReference;

class FieldPathTest {
    private final Map<String, Object> tree = Serialization.jsonMapper().readValue("""
                    {"metadata": {"labels": {"a": "1", "a.b/c": "2"}, "finalizers": ["x", "y]z"]},
                     "spec": {"replicas": 3,
                       "ports": [{"port": 80, "protocol": "UDP"}, {"port": 80, "name": "web"}],
                       "containers": [{"name": "web", "image": "one", "args": ["p", "q"]}, {"name": "a]b", "image": "two"}]}}
                    """, new TypeReference<>() {});

    @Test
    @DisplayName("fields are found as the server names them: keys with dots, elements by keys, by value and by index")
    void finds() {
        assertThat(FieldPath.value(tree, ".spec.replicas")).isEqualTo(3);
        assertThat(FieldPath.value(tree, "metadata.labels.a.b/c")).isEqualTo("2");
        assertThat(FieldPath.value(tree, "metadata.labels.a")).isEqualTo("1");
        assertThat(FieldPath.value(tree, ".spec.containers[name=\"web\"].image"))
                .isEqualTo("one");
        assertThat(FieldPath.value(tree, ".spec.containers[name=\"a]b\"].image"))
                .isEqualTo("two");
        assertThat(FieldPath.value(tree, ".spec.containers[name=\"web\"].args[1]"))
                .isEqualTo("q");
        assertThat(FieldPath.value(tree, ".spec.ports[port=80,protocol=\"TCP\"].name"))
                .isEqualTo("web");
        assertThat(FieldPath.value(tree, ".metadata.finalizers[=\"y]z\"]")).isEqualTo("y]z");
    }

    @Test
    @DisplayName("what is not there, or is no path, is nothing")
    void findsNothing() {
        assertThat(FieldPath.value(tree, ".spec.replica")).isNull();
        assertThat(FieldPath.value(tree, ".spec.containers[name=\"other\"].image"))
                .isNull();
        assertThat(FieldPath.value(tree, ".spec.containers[name=\"web\"")).isNull();
        assertThat(FieldPath.value(tree, ".spec.containers[7]")).isNull();
        assertThat(FieldPath.value(tree, ".spec.containers[]")).isNull();
        assertThat(FieldPath.value(tree, "")).isNull();
        FieldPath.remove(tree, ".spec.none.at.all");
    }

    @Test
    @DisplayName("a field is taken away and its neighbours stay")
    void removes() {
        FieldPath.remove(tree, ".spec.containers[name=\"web\"].image");
        FieldPath.remove(tree, ".metadata.finalizers[=\"x\"]");

        assertThat(tree.toString()).doesNotContain("image=one", "[x").contains("image=two", "y]z", "name=web");
    }
}
