package dev.slipway.workflows.environment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.workflows.application.Application;
import dev.slipway.workflows.application.ApplicationReader;
import dev.slipway.workflows.application.Component;
import dev.slipway.workflows.application.Source;
import dev.slipway.workflows.application.yaml.Reading;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class OverridesTest {
    private static final Application APPLICATION = ApplicationReader.read("""
                    apiVersion: slipway.dev/v1
                    kind: Application
                    metadata: {name: shop}
                    spec:
                      parameters: [{name: size, type: size, default: 1Gi}, {name: key, type: secret}]
                      components:
                        - {name: web, source: {git: ., branch: main, path: web}, env: {A: "1", B: "2"}}
                        - {name: db, source: {image: "db:1"}}
                        - {name: migrate, kind: job, source: {image: "m:1"}}
                    """).orElseThrow();
    private static final String HEAD = "apiVersion: slipway.dev/v1\nkind: Overrides\nspec:\n";

    @Test
    @DisplayName("branch, image, replicas, env and parameters are laid over the document; the rest stays")
    void applies() {
        Overrides overrides = OverridesReader.read(HEAD
                        + "  components:\n    web: {tag: v2, replicas: 3, env: {B: 3, C: 4}}\n    db: {image: 'db:2'}\n"
                        + "  parameters: {size: 2Gi}\n")
                .orElseThrow();

        Application applied = overrides.applyTo(APPLICATION);

        Component web = applied.component("web").orElseThrow();
        Source.Git git = (Source.Git) web.source();
        assertThat(git.branch()).isNull();
        assertThat(git.tag()).isEqualTo("v2");
        assertThat(git.path()).isEqualTo("web");
        assertThat(web.replicas()).isEqualTo(3);
        assertThat(web.env())
                .containsExactly(
                        java.util.Map.entry("A", "1"), java.util.Map.entry("B", "3"), java.util.Map.entry("C", "4"));
        assertThat(applied.component("db").orElseThrow().source()).isEqualTo(new Source.Image("db:2"));
        assertThat(applied.component("migrate")).isEqualTo(APPLICATION.component("migrate"));
        assertThat(applied.parameters().get(0).defaultValue()).isEqualTo("2Gi");
        assertThat(Overrides.NONE.applyTo(APPLICATION)).isEqualTo(APPLICATION);
    }

    @Test
    @DisplayName("what does not fit is refused, all of it at once, with its line")
    void refuses() {
        Reading<Overrides> reading = OverridesReader.read(HEAD
                + "  components:\n    wbe: {branch: x}\n    web: {branch: x, image: y}\n    db: {branch: x}\n"
                + "    migrate: {replicas: 2}\n  parameters: {size: big, key: hunter2, none: x}\n");
        Overrides overrides = reading.orElseThrow();

        assertThat(overrides.check(APPLICATION, reading.lines()).stream()
                        .map(p -> p.code().id() + " " + p.where()))
                .containsExactly(
                        "SLP-DOC-REFERENCE spec.components.wbe, line 5",
                        "SLP-DOC-CONFLICT spec.components.web.image, line 6",
                        "SLP-DOC-CONFLICT spec.components.db.branch, line 7",
                        "SLP-DOC-CONFLICT spec.components.migrate.replicas, line 8",
                        "SLP-DOC-VALUE spec.parameters.size, line 9",
                        "SLP-DOC-CONFLICT spec.parameters.key, line 9",
                        "SLP-DOC-REFERENCE spec.parameters.none, line 9");
    }

    @Test
    @DisplayName("shapes are read strictly")
    void strict() {
        assertThat(OverridesReader.read(HEAD + "  components: {web: {brnch: x, replicas: many}}")
                        .problems())
                .extracting(p -> p.code().id())
                .containsExactlyInAnyOrder("SLP-DOC-UNKNOWN-FIELD", "SLP-DOC-TYPE");
    }
}
