package dev.slipway.workflows.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.run.StepGraph.Settlement;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowOptions;
import io.temporal.testing.TestWorkflowEnvironment;
import io.temporal.worker.Worker;
import io.temporal.workflow.Promise;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class StepGraphTest {
    /** Each step takes its own number of seconds; those named fail. */
    public record Script(
            List<Step> steps, Map<StepKind, Integer> limits, Map<String, Integer> seconds, Set<String> failing) {}

    /** How a step went, in seconds after the start of the run. */
    public record Ended(StepState state, long startedAt, long endedAt) {}

    public record Result(Map<String, Ended> steps, int mostAtOnce) {}

    @WorkflowInterface
    public interface Play {
        @WorkflowMethod
        Result play(Script script);
    }

    public static final class PlayImpl implements Play {
        private int running;
        private int most;

        @Override
        public Result play(Script script) {
            long begin = Workflow.currentTimeMillis();
            Map<String, Ended> ended = new LinkedHashMap<>();
            Map<String, Long> started = new LinkedHashMap<>();
            new StepGraph(script.steps(), script.limits())
                    .run(step -> begin(step, script), StepGraph.Gate.OPEN, new StepGraph.Listener() {
                        @Override
                        public void queued(Step step) {}

                        @Override
                        public void started(Step step) {
                            most = Math.max(most, ++running);
                            started.put(step.id(), (Workflow.currentTimeMillis() - begin) / 1000);
                        }

                        @Override
                        public void parked(Step step, Problem problem) {}

                        @Override
                        public void settled(Step step, Settlement settlement) {
                            if (settlement.state() != StepState.BLOCKED) {
                                running--;
                            }
                            ended.put(
                                    step.id(),
                                    new Ended(
                                            settlement.state(),
                                            started.getOrDefault(step.id(), -1L),
                                            (Workflow.currentTimeMillis() - begin) / 1000));
                        }
                    });
            return new Result(ended, most);
        }

        private static Promise<Settlement> begin(Step step, Script script) {
            Settlement end = script.failing().contains(step.id())
                    ? Settlement.failed(Problem.of(ProblemCode.UNEXPECTED, step.id()))
                    : Settlement.DONE;
            int seconds = script.seconds().getOrDefault(step.id(), 1);
            return seconds == 0
                    ? Workflow.newPromise(end)
                    : Workflow.newTimer(Duration.ofSeconds(seconds)).thenApply(rung -> end);
        }
    }

    private static Result play(Script script) {
        try (TestWorkflowEnvironment environment = TestWorkflowEnvironment.newInstance()) {
            Worker worker = environment.newWorker("test");
            worker.registerWorkflowImplementationTypes(PlayImpl.class);
            environment.start();
            WorkflowClient client = environment.getWorkflowClient();
            return client.newWorkflowStub(
                            Play.class,
                            WorkflowOptions.newBuilder().setTaskQueue("test").build())
                    .play(script);
        }
    }

    private static Step step(String name, String... needs) {
        return new Step(
                StepKind.DEPLOY,
                name,
                List.of(needs).stream().map(need -> "deploy/" + need).toList());
    }

    private static Script script(Step... steps) {
        return new Script(List.of(steps), Map.of(), Map.of(), Set.of());
    }

    @Test
    @DisplayName("a step starts the moment its own needs are met, whatever its siblings do")
    void startsEagerly() {
        Script script = new Script(
                List.of(step("fast"), step("slow"), step("afterFast", "fast"), step("afterBoth", "fast", "slow")),
                Map.of(),
                Map.of("deploy/fast", 1, "deploy/slow", 60),
                Set.of());

        Result result = play(script);

        assertThat(result.steps().get("deploy/afterFast").endedAt()).isEqualTo(2);
        assertThat(result.steps().get("deploy/afterBoth").startedAt()).isEqualTo(60);
    }

    @Test
    @DisplayName("a failed step blocks those who need it, near and far, and nobody else")
    void blocksOnlyDependants() {
        Script script = new Script(
                List.of(step("a"), step("b", "a"), step("c", "b"), step("d"), step("e", "d"), step("f", "c", "e")),
                Map.of(),
                Map.of(),
                Set.of("deploy/a"));

        Result result = play(script);

        assertThat(result.steps())
                .extractingByKey("deploy/a")
                .extracting(Ended::state)
                .isEqualTo(StepState.FAILED);
        for (String blocked : List.of("b", "c", "f")) {
            assertThat(result.steps().get("deploy/" + blocked).state()).isEqualTo(StepState.BLOCKED);
        }
        assertThat(result.steps().get("deploy/e").state()).isEqualTo(StepState.DONE);
    }

    @Test
    @DisplayName("no more steps of a kind run at once than its limit, and all get their turn")
    void limitsPerKind() {
        List<Step> steps = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            steps.add(step("s" + i));
        }

        Result result = play(new Script(steps, Map.of(StepKind.DEPLOY, 3), Map.of(), Set.of()));

        assertThat(result.mostAtOnce()).isEqualTo(3);
        assertThat(result.steps().values()).allMatch(ended -> ended.state() == StepState.DONE);
    }

    @Test
    @DisplayName("random graphs: every step settles, and none starts before all its needs are done")
    void randomGraphs() {
        Random random = new Random(20261123);
        for (int round = 0; round < 15; round++) {
            List<Step> steps = new ArrayList<>();
            Map<String, Integer> seconds = new LinkedHashMap<>();
            Set<String> failing = new LinkedHashSet<>();
            for (int i = 0; i < 40; i++) {
                Set<String> needs = new LinkedHashSet<>();
                for (int n = random.nextInt(4); n > 0 && i > 0; n--) {
                    needs.add("deploy/s" + random.nextInt(i));
                }
                Step step = new Step(StepKind.DEPLOY, "s" + i, List.copyOf(needs));
                steps.add(step);
                seconds.put(step.id(), random.nextInt(5));
                if (random.nextInt(12) == 0) {
                    failing.add(step.id());
                }
            }

            Result result = play(new Script(steps, Map.of(StepKind.DEPLOY, 1 + random.nextInt(10)), seconds, failing));

            assertThat(result.steps()).hasSize(steps.size());
            for (Step step : steps) {
                Ended ended = result.steps().get(step.id());
                boolean allNeedsDone = step.needs().stream()
                        .allMatch(need -> result.steps().get(need).state() == StepState.DONE);
                assertThat(ended.state() == StepState.BLOCKED).isEqualTo(!allNeedsDone);
                if (allNeedsDone) {
                    assertThat(step.needs())
                            .allMatch(need -> result.steps().get(need).endedAt() <= ended.startedAt());
                }
            }
        }
    }

    @Test
    @DisplayName("a thousand steps in a chain and beside one another need no thread each")
    void thousandSteps() {
        List<Step> steps = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            steps.add(i % 100 == 0 ? step("s" + i) : step("s" + i, "s" + (i - 1)));
        }
        Map<String, Integer> none = new LinkedHashMap<>();
        steps.forEach(step -> none.put(step.id(), 0));

        assertThat(play(new Script(steps, Map.of(), none, Set.of())).steps()).hasSize(1000);
    }

    @Test
    @DisplayName("a graph that is none is refused by name before anything starts")
    void refusesWhatIsNoGraph() {
        assertThatThrownBy(() -> new StepGraph(
                        script(step("a", "b"), step("b", "a"), step("c")).steps(), Map.of()))
                .hasMessageContaining("deploy/a")
                .hasMessageContaining("deploy/b");
        assertThatThrownBy(() -> new StepGraph(List.of(step("a", "nobody")), Map.of()))
                .hasMessageContaining("deploy/nobody");
        assertThatThrownBy(() -> new StepGraph(List.of(step("a"), step("a")), Map.of()))
                .hasMessageContaining("deploy/a");
    }
}
