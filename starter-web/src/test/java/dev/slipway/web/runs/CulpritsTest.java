package dev.slipway.web.runs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.web.runs.Culprits.Cause;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.run.Progress;
import dev.slipway.workflows.run.RunState;
import dev.slipway.workflows.run.StepKind;
import dev.slipway.workflows.run.StepState;
import dev.slipway.workflows.run.StepView;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class CulpritsTest {
    private static final Problem PROBE = Problem.of(
            ProblemCode.POD_PROBE, "Pod shop/db-0", "probe", "readiness", "answer", "HTTP probe failed: 503");

    @Test
    @DisplayName("Whoever waits names the one at the root, with what keeps it right now")
    void namesTheRoot() {
        StepView db = step("db", StepState.RUNNING, null);
        StepView orders = step("orders", StepState.PENDING, null, "db");
        StepView web = step("web", StepState.PENDING, null, "orders");

        Culprits culprits = culprits(Map.of("deploy/db", PROBE), db, orders, web);

        assertThat(culprits.of(web)).containsExactly(db);
        assertThat(culprits.of(orders)).containsExactly(db);
        assertThat(culprits.problem(db)).isEqualTo(PROBE);
        assertThat(culprits.of(db)).isEmpty();
    }

    @Test
    @DisplayName("Of many, those with something wrong come first, and a few are named")
    void namesAFew() {
        List<StepView> steps = new ArrayList<>();
        String[] names = {"a", "b", "c", "d", "bad"};
        for (String name : names) {
            steps.add(step(name, StepState.RUNNING, null));
        }
        StepView web = step("web", StepState.PENDING, null, names);
        steps.add(web);

        List<StepView> named = culprits(Map.of("deploy/bad", PROBE), steps.toArray(StepView[]::new))
                .of(web);

        assertThat(named).extracting(StepView::id).containsExactly("deploy/bad", "deploy/a", "deploy/b");
    }

    @Test
    @DisplayName("What kept a step is no news once it settled")
    void forgetsObstacles() {
        StepView db = step("db", StepState.FAILED, pull("Pod shop/db-0"));

        Culprits culprits = culprits(Map.of("deploy/db", PROBE), db);

        assertThat(culprits.obstacle(db)).isNull();
        assertThat(culprits.problem(db)).isEqualTo(pull("Pod shop/db-0"));
    }

    @Test
    @DisplayName(
            "Two that fail for the same reason are one cause, with all that was not begun for it; others are others")
    void tellsCausesOnce() {
        Culprits culprits = culprits(
                Map.of(),
                step("lonely", StepState.FAILED, PROBE),
                step("db", StepState.FAILED, pull("Pod shop/db-0")),
                step("cache", StepState.FAILED, pull("Pod shop/cache-1")),
                step("orders", StepState.BLOCKED, null, "db"),
                step("web", StepState.BLOCKED, null, "orders", "cache"));

        List<Cause> causes = culprits.causes();

        assertThat(causes).hasSize(2);
        assertThat(causes.get(0).failed()).extracting(StepView::component).containsExactly("db", "cache");
        assertThat(causes.get(0).blocked()).extracting(StepView::component).containsExactly("orders", "web");
        assertThat(causes.get(1).problem()).isEqualTo(PROBE);
        assertThat(causes.get(1).blocked()).isEmpty();
    }

    @Test
    @DisplayName("A chain of a thousand is no trouble, nor is a run that has said nothing yet")
    void takesLongChains() {
        List<StepView> steps = new ArrayList<>();
        steps.add(step("c0", StepState.RUNNING, null));
        for (int i = 1; i < 1_000; i++) {
            steps.add(step("c" + i, StepState.PENDING, null, "c" + (i - 1)));
        }

        Culprits culprits = culprits(Map.of(), steps.toArray(StepView[]::new));

        assertThat(culprits.of(steps.get(999))).containsExactly(steps.get(0));
        assertThat(new Culprits(null, Map.of()).causes()).isEmpty();
    }

    private static Problem pull(String where) {
        return Problem.of(
                ProblemCode.POD_IMAGE_PULL, where, "image", "shop/base:1", "message", "not found", "pods", "1/1");
    }

    private static Culprits culprits(Map<String, Problem> obstacles, StepView... steps) {
        return new Culprits(new Progress("r", 1, RunState.RUNNING, null, List.of(steps), List.of()), obstacles);
    }

    private static StepView step(String component, StepState state, @Nullable Problem problem, String... needs) {
        List<String> ids = List.of(needs).stream().map(need -> "deploy/" + need).toList();
        return new StepView("deploy/" + component, StepKind.DEPLOY, component, state, 1, 1, 0, ids, ids, problem);
    }
}
