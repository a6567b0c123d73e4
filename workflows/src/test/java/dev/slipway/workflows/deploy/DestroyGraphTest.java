package dev.slipway.workflows.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.workflows.application.ApplicationCheck;
import dev.slipway.workflows.application.Component;
import dev.slipway.workflows.run.Step;
import dev.slipway.workflows.run.StepKind;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class DestroyGraphTest {
    private static final List<Component> CHAIN =
            ApplicationCheck.read("""
                    apiVersion: slipway.dev/v1
                    kind: Application
                    metadata: {name: chain}
                    spec:
                      components:
                        - name: web
                          kind: service
                          source: {image: registry.example/web}
                          dependsOn: [{component: api, when: started}, {component: hook, when: linked}]
                        - name: api
                          kind: service
                          source: {image: registry.example/api}
                          dependsOn: [{component: db, when: healthy}]
                        - {name: hook, kind: service, source: {image: registry.example/hook}}
                        - {name: db, kind: service, source: {image: registry.example/db}}
                    """).orElseThrow().components();

    @Test
    @DisplayName("whoever needs a component goes before it, and the namespace comes last; a mere link orders nothing")
    void reverses() {
        assertThat(DestroyGraph.steps(CHAIN, List.of("web", "api", "hook", "db")))
                .containsExactly(
                        new Step(StepKind.REMOVE, "web", List.of()),
                        new Step(StepKind.REMOVE, "api", List.of("remove/web")),
                        new Step(StepKind.REMOVE, "hook", List.of()),
                        new Step(StepKind.REMOVE, "db", List.of("remove/api")),
                        new Step(
                                StepKind.CLEAR, null, List.of("remove/web", "remove/api", "remove/hook", "remove/db")));
    }

    @Test
    @DisplayName(
            "where what is in between has gone already, the order stays; what the document does not know goes at once")
    void bridges() {
        assertThat(DestroyGraph.steps(CHAIN, List.of("db", "web", "old")))
                .containsExactly(
                        new Step(StepKind.REMOVE, "db", List.of("remove/web")),
                        new Step(StepKind.REMOVE, "web", List.of()),
                        new Step(StepKind.REMOVE, "old", List.of()),
                        new Step(StepKind.CLEAR, null, List.of("remove/db", "remove/web", "remove/old")));
    }
}
