package dev.slipway.workflows.environment;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OverridesEditorTest {
    private static final String HEAD = "apiVersion: slipway.dev/v1\nkind: Overrides\n";

    @ParameterizedTest
    @DisplayName("the number gets into whatever is there, and everything else reads as before")
    @ValueSource(
            strings = {
                "",
                HEAD + "spec: {}\n",
                HEAD + "spec:\n",
                HEAD + "spec:\n  components:\n",
                HEAD + "spec:\n  components: {}\n",
                HEAD + "spec:\n  branch: next # ours\n",
                HEAD + "spec:\n  components:\n    api: {replicas: 7} # seven 🚢\n",
                HEAD + "spec:\n  components:\n    web:\n      # two are enough\n      replicas: 2\n      env: {A: b}\n",
                HEAD + "spec:\n  components:\n    web:\n      env: {A: b}\n",
                HEAD + "spec: {components: {web: {replicas: 2}, api: {branch: x}}}\n",
                HEAD + "spec: {components: {web: {env: {A: b}}}}\n",
                HEAD + "spec: {branch: \"a\"}\n",
                "\uFEFF" + HEAD + "spec: {branch: \"a\"}\n"
            })
    void puts(String text) {
        Overrides before =
                text.isEmpty() ? Overrides.NONE : OverridesReader.read(text).orElseThrow();

        String edited = OverridesEditor.replicas(text, "web", 5);

        Overrides after = OverridesReader.read(edited).orElseThrow();
        assertThat(after.components().get("web").replicas()).isEqualTo(5);
        assertThat(after.branch()).isEqualTo(before.branch());
        before.components().forEach((name, override) -> {
            assertThat(after.components().get(name).env()).isEqualTo(override.env());
            if (!name.equals("web")) {
                assertThat(after.components()).containsEntry(name, override);
            }
        });
        text.lines()
                .filter(line -> line.contains("#"))
                .forEach(line -> assertThat(edited).contains(line.substring(line.indexOf('#'))));
        assertThat(OverridesEditor.replicas(edited, "web", 5)).isEqualTo(edited);
    }

    @ParameterizedTest
    @DisplayName("a branch is put in, changed and taken out again; everything else stays")
    @ValueSource(
            strings = {
                "",
                HEAD + "spec: {branch: old, components: {web: {replicas: 2}}}\n",
                HEAD + "spec:\n  # ours\n  branch: old # for now\n  components:\n    web: {replicas: 2}\n"
            })
    void branch(String text) {
        String edited = OverridesEditor.branch(text, "feature/a\"b#1");

        assertThat(OverridesReader.read(edited).orElseThrow().branch()).isEqualTo("feature/a\"b#1");
        assertThat(OverridesEditor.branch(edited, "feature/a\"b#1")).isEqualTo(edited);
        Overrides without =
                OverridesReader.read(OverridesEditor.branch(edited, null)).orElseThrow();
        assertThat(without.branch()).isNull();
        assertThat(without.components())
                .isEqualTo(
                        text.isEmpty()
                                ? Overrides.NONE.components()
                                : OverridesReader.read(text).orElseThrow().components());
        assertThat(edited).contains(text.contains("#") ? "# for now" : "");
    }

    @Test
    @DisplayName("only the number changes where there is one")
    void changesTheNumberOnly() {
        String text = HEAD + "spec:\n  components:\n    web:\n      replicas:   2 # for now\n";

        assertThat(OverridesEditor.replicas(text, "web", 12)).isEqualTo(text.replace("2 #", "12 #"));
    }
}
