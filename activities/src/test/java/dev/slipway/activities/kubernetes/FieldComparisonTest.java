package dev.slipway.activities.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.workflows.run.PlanItem.FieldChange;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class FieldComparisonTest {
    @Test
    @DisplayName("only what is wished counts: defaults of the server and fields of others do not")
    void comparesWhatIsWished() {
        assertThat(compare(
                        Map.of("spec", Map.of("replicas", 1)),
                        Map.of("spec", Map.of("replicas", 1, "paused", true), "status", Map.of("replicas", 3))))
                .isEmpty();
    }

    @Test
    @DisplayName("a value that differs is shown with its path, before and after")
    void showsChanges() {
        assertThat(compare(Map.of("spec", Map.of("replicas", 2)), Map.of("spec", Map.of("replicas", 1))))
                .containsExactly(new FieldChange("spec.replicas", "1", "2"));
        assertThat(compare(Map.of("metadata", Map.of("labels", Map.of("a.b/c", "d"))), Map.of()))
                .containsExactly(new FieldChange("metadata.labels[a.b/c]", null, "d"));
    }

    @Test
    @DisplayName("lists with keys are compared by key, in any order and with others' elements in between")
    void comparesByKey() {
        Object wished = List.of(Map.of("name", "a", "image", "1"), Map.of("name", "b", "image", "2"));
        Object live =
                List.of(Map.of("name", "theirs"), Map.of("name", "b", "image", "3"), Map.of("name", "a", "image", "1"));

        assertThat(compare(Map.of("containers", wished), Map.of("containers", live)))
                .containsExactly(new FieldChange("containers[name=\"b\"].image", "3", "2"));
    }

    @Test
    @DisplayName("lists without keys are equal element by element")
    void comparesAtomicLists() {
        assertThat(compare(Map.of("command", List.of("a", "b")), Map.of("command", List.of("a", "b"))))
                .isEmpty();
        assertThat(compare(Map.of("command", List.of("a")), Map.of("command", List.of("a", "b"))))
                .containsExactly(new FieldChange("command", "[a, b]", "[a]"));
    }

    @Test
    @DisplayName("quantities are equal by amount, where quantities stand and nowhere else")
    void comparesAmounts() {
        assertThat(compare(
                        Map.of("resources", Map.of("requests", Map.of("cpu", "1000m", "memory", "1024Mi"))),
                        Map.of("resources", Map.of("requests", Map.of("cpu", "1", "memory", "1Gi")))))
                .isEmpty();
        assertThat(compare(Map.of("args", List.of("1000m")), Map.of("args", List.of("1"))))
                .hasSize(1);
    }

    @Test
    @DisplayName("what a server does not keep, an empty text or zero, is equal to nothing")
    void zeroIsNothing() {
        assertThat(compare(
                        Map.of("env", List.of(Map.of("name", "A", "value", "")), "delay", 0, "on", false),
                        Map.of("env", List.of(Map.of("name", "A")))))
                .isEmpty();
    }

    @Test
    @DisplayName("values of secrets are never shown")
    void hidesSecrets() {
        List<FieldChange> changes = FieldComparison.compare(
                Map.of("data", Map.of("password", "bmV3"), "type", "a"),
                Map.of("data", Map.of("password", "b2xk"), "type", "b"),
                true);

        assertThat(changes)
                .containsExactlyInAnyOrder(
                        new FieldChange("data.password", "***", "***"), new FieldChange("type", "b", "a"));
    }

    @Test
    @DisplayName("what was set before and is wished no longer is shown as going")
    void showsRemovals() {
        Map<String, Object> owned = Map.of(
                "f:spec",
                Map.of(
                        "f:gone", Map.of(),
                        "f:env", Map.of("k:{\"name\":\"B\"}", Map.of(".", Map.of(), "f:name", Map.of()))));
        Map<String, Object> live =
                Map.of("spec", Map.of("gone", 1, "env", List.of(Map.of("name", "A"), Map.of("name", "B"))));
        Map<String, Object> wished = Map.of("spec", Map.of("env", List.of(Map.of("name", "A"))));

        assertThat(FieldComparison.removed(owned, wished, live, false))
                .extracting(FieldChange::path, FieldChange::to)
                .containsExactlyInAnyOrder(
                        org.assertj.core.groups.Tuple.tuple("spec.gone", null),
                        org.assertj.core.groups.Tuple.tuple("spec.env[name=\"B\"]", null));
    }

    private static List<FieldChange> compare(Map<String, ?> wished, Map<String, ?> live) {
        return FieldComparison.compare(wished, live, false);
    }
}
