package dev.slipway.workflows.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.workflows.application.Application;
import dev.slipway.workflows.application.ApplicationCheck;
import dev.slipway.workflows.deploy.DeployGraph.RawObjects;
import dev.slipway.workflows.run.Step;
import dev.slipway.workflows.run.StepKind;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class DeployGraphTest {
    private static final Application SHOP = ApplicationCheck.read("""
            apiVersion: slipway.dev/v1
            kind: Application
            metadata: {name: shop}
            spec:
              components:
                - {name: db, source: {image: postgres}}
                - {name: migrate, kind: job, source: {image: migrate}, dependsOn: [{component: db, when: started}]}
                - {name: web, source: {image: web}, dependsOn: [db, migrate]}
                - {name: about, source: {image: about}, dependsOn: [{component: web, when: linked}]}
            """).orElseThrow();

    private static DeployGraph.Node node(String name, boolean builds, boolean changes, boolean runs, boolean well) {
        return new DeployGraph.Node(SHOP.component(name).orElseThrow(), builds, changes, runs, well);
    }

    private static Map<String, Step> steps(boolean prunes, DeployGraph.Node... nodes) {
        return DeployGraph.steps(List.of(nodes), prunes, RawObjects.NONE, List.of()).stream()
                .collect(Collectors.toMap(Step::id, Function.identity()));
    }

    @Test
    @DisplayName("a first deploy: each component after its own build and what it waits for; a mere link orders nothing")
    void first() {
        Map<String, Step> steps = steps(
                false,
                node("db", false, true, false, false),
                node("migrate", true, true, false, false),
                node("web", true, true, false, false),
                node("about", true, true, false, false));

        assertThat(steps.get("start/db").needs()).containsExactly("prepare");
        assertThat(steps.get("deploy/db").needs()).containsExactly("start/db");
        assertThat(steps.get("deploy/migrate").needs())
                .containsExactlyInAnyOrder("prepare", "build/migrate", "start/db");
        assertThat(steps.get("deploy/web").needs())
                .containsExactlyInAnyOrder("prepare", "build/web", "deploy/db", "deploy/migrate");
        assertThat(steps.get("deploy/about").needs()).containsExactlyInAnyOrder("prepare", "build/about");
        assertThat(steps).doesNotContainKeys("images", "prune");
    }

    @Test
    @DisplayName("components that left go after all that is deployed and pruned, whoever needed others first")
    void removals() {
        List<Step> removals = DestroyGraph.removals(SHOP.components(), List.of("db", "web", "unknown"));

        List<Step> steps =
                DeployGraph.steps(List.of(node("about", false, true, true, true)), true, RawObjects.NONE, removals);

        assertThat(steps)
                .containsSequence(
                        new Step(StepKind.PRUNE, null, List.of("deploy/about", "prepare")),
                        new Step(StepKind.REMOVE, "db", List.of("remove/web")),
                        new Step(StepKind.REMOVE, "web", List.of("prune")),
                        new Step(StepKind.REMOVE, "unknown", List.of("prune")));
    }

    @Test
    @DisplayName("what runs is touched only when every build is done, also those of others")
    void buildsFirst() {
        Map<String, Step> steps = steps(
                true,
                node("db", false, false, true, true),
                node("web", true, true, true, true),
                node("about", true, true, true, true));

        assertThat(steps.get("images").needs()).containsExactlyInAnyOrder("build/web", "build/about");
        assertThat(steps.get("deploy/web").needs()).containsExactlyInAnyOrder("prepare", "images");
        assertThat(steps.get("prune").needs()).containsExactlyInAnyOrder("prepare", "deploy/web", "deploy/about");
        assertThat(steps).doesNotContainKeys("deploy/db", "build/db");
    }

    @Test
    @DisplayName("nothing to do has no steps; a component that is not well is waited for although nothing changes")
    void unchanged() {
        assertThat(steps(false, node("db", false, false, true, true), node("web", false, false, true, true)))
                .isEmpty();

        assertThat(steps(false, node("db", false, false, true, false), node("web", false, false, true, true)))
                .containsOnlyKeys("prepare", "deploy/db");
    }

    @Test
    @DisplayName(
            "raw objects are awaited after the components and before anything goes, and alone when only they are unwell")
    void settles() {
        DeployGraph.Node changing = node("db", false, true, true, true);
        DeployGraph.Node well = node("db", false, false, true, true);

        assertThat(DeployGraph.steps(List.of(changing), true, RawObjects.SETTLED, List.of()))
                .containsExactly(
                        new Step(StepKind.PREPARE, null, List.of()),
                        new Step(StepKind.DEPLOY, "db", List.of("prepare")),
                        new Step(StepKind.SETTLE, null, List.of("deploy/db", "prepare")),
                        new Step(StepKind.PRUNE, null, List.of("deploy/db", "prepare", "settle")));
        assertThat(DeployGraph.steps(List.of(well), false, RawObjects.UNSETTLED, List.of()))
                .extracting(Step::id)
                .containsExactly("prepare", "settle");
        assertThat(DeployGraph.steps(List.of(well), false, RawObjects.SETTLED, List.of()))
                .isEmpty();
    }

    @Test
    @DisplayName("the steps of a thousand components that are all rebuilt stay small")
    void staysSmall() {
        String components = IntStream.range(0, 1_000)
                .mapToObj(i -> "    - {name: c" + i + ", source: {image: web}}\n")
                .collect(Collectors.joining());
        List<DeployGraph.Node> nodes = ApplicationCheck.read(
                        "apiVersion: slipway.dev/v1\nkind: Application\nmetadata: {name: many}\nspec:\n  components:\n"
                                + components)
                .orElseThrow()
                .components()
                .stream()
                .map(component -> new DeployGraph.Node(component, true, true, true, true))
                .toList();

        int words = DeployGraph.steps(nodes, false, RawObjects.NONE, List.of()).stream()
                .mapToInt(step -> 1 + step.needs().size())
                .sum();

        assertThat(words).isLessThan(10_000);
    }
}
