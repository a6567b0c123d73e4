package dev.slipway.activities.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.activities.store.PlanStore.Images;
import dev.slipway.activities.store.PlanStore.PinnedSource;
import dev.slipway.activities.store.PlanStore.Pins;
import dev.slipway.activities.store.PlanStore.PlannedImage;
import dev.slipway.activities.store.PlanStore.Recipe;
import dev.slipway.workflows.run.Plan;
import dev.slipway.workflows.run.PlanItem.FieldChange;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class BuildPlanTest {
    private static final Pins PINS =
            new Pins("", Map.of("web", new PinnedSource("https://git.example/x", "main", "c", "t")), Map.of());

    @Test
    @DisplayName(
            "another build is another plan, though its lines read the same; a line says where its Dockerfile is from")
    void anotherBuild() {
        Plan one = plan("key-1", new Recipe("FROM a", null));

        assertThat(plan("key-2", new Recipe("FROM b", null)).items()).isEqualTo(one.items());
        assertThat(plan("key-2", new Recipe("FROM b", null)).hash()).isNotEqualTo(one.hash());
        assertThat(plan("key-1", new Recipe("FROM a", null))).isEqualTo(one);
        assertThat(one.items().get(0).fields()).contains(new FieldChange("dockerfile", null, "dockerfileInline"));
        assertThat(plan("key-1", new Recipe("FROM a", "go, go.mod"))
                        .items()
                        .get(0)
                        .fields())
                .contains(new FieldChange("dockerfile", null, "generated: go, go.mod"));
    }

    private static Plan plan(String key, Recipe recipe) {
        PlannedImage image = new PlannedImage(
                "slipway.registry/x/web", null, key, null, "kaniko", recipe, Map.of(), Map.of(), false);
        return BuildPlan.of(PINS, new Images(Map.of("web", image))).plan();
    }
}
