package dev.slipway.web.runs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.activities.store.PlanStore.StoredPlan;
import dev.slipway.workflows.contract.PlanSkeleton;
import dev.slipway.workflows.run.Plan;
import dev.slipway.workflows.run.PlanItem;
import dev.slipway.workflows.run.PlanItem.Action;
import dev.slipway.workflows.run.PlanItem.FieldChange;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class PlanViewTest {
    @Test
    @DisplayName("a line of a plan is shown whatever it does")
    void showsEveryAction() {
        List<PlanItem> items = Arrays.stream(Action.values())
                .map(action -> new PlanItem("Deployment/" + action.word(), "web", action, List.of()))
                .toList();

        assertThat(view(items).groups())
                .containsOnlyKeys(
                        Arrays.stream(Action.values()).map(Action::word).toArray(String[]::new));
    }

    @Test
    @DisplayName("of what is kept, a job that completed earlier is told apart")
    void tellsCompletedJobs() {
        PlanItem job =
                new PlanItem("Job/a", "a", Action.KEEP, List.of(new FieldChange(PlanItem.COMPLETED, null, "true")));

        assertThat(view(List.of(job, new PlanItem("Job/b", "b", Action.KEEP, List.of())))
                        .groups()
                        .get("keep"))
                .extracting(PlanView.Item::completed)
                .containsExactly(true, false);
    }

    private static PlanView view(List<PlanItem> items) {
        return PlanView.of(new StoredPlan(new Plan("hash", items), new PlanSkeleton("hash", false, List.of())));
    }
}
