package dev.slipway.tests.replay;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.util.Durations;
import dev.slipway.activities.store.EnvironmentStore.StoredEnvironment;
import dev.slipway.tests.support.RunHistories;
import dev.slipway.tests.support.RunningSlipway;
import dev.slipway.web.runs.Runs;
import dev.slipway.web.worker.WorkerQueue;
import dev.slipway.workflows.run.Operation;
import dev.slipway.workflows.run.Outcome;
import dev.slipway.workflows.run.Scope;
import io.temporal.api.history.v1.HistoryEvent;
import io.temporal.common.WorkflowExecutionHistory;
import io.temporal.common.metadata.POJOWorkflowImplMetadata;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the engine is told by Slipway as it is put together, read from what the engine wrote. */
@DisplayName("in the histories that Slipway's engine writes")
class EngineRulesTest {
    @TempDir
    static Path data;

    private static RunningSlipway slipway;

    @BeforeAll
    static void oneOfEach() {
        slipway = RunningSlipway.start(data);
        StoredEnvironment environment = slipway.environment("""
                apiVersion: slipway.dev/v1
                kind: Application
                metadata: {name: rules}
                spec:
                  components:
                    - {name: web, kind: service, source: {image: "registry.example/web@sha256:%s"}}
                """.formatted("0".repeat(64)), "rules");
        var unused = slipway.get(Runs.class).preview(environment.id());
        assertThat(slipway.deploy(environment).outcome()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(slipway.run(environment, Scope.whole(Operation.DESTROY)).outcome())
                .isEqualTo(Outcome.SUCCEEDED);
    }

    @AfterAll
    static void stop() {
        slipway.close();
    }

    @Test
    @DisplayName("every kind of workflow that a worker takes is there, and has a kept history too")
    void everyWorkflowIsKept() throws IOException {
        Set<String> types = slipway.all(WorkerQueue.class).stream()
                .flatMap(queue -> queue.workflows().stream())
                .map(workflow -> POJOWorkflowImplMetadata.newInstance(workflow)
                        .getWorkflowMethods()
                        .get(0)
                        .getName())
                .collect(Collectors.toSet());

        assertThat(types).isNotEmpty();
        assertThat(ReplayTest.WORKFLOWS.keySet()).containsExactlyInAnyOrderElementsOf(types);
        for (String type : types) {
            assertThat(Histories.of(type))
                    .as("kept histories of %s, see HistoryRecorder", type)
                    .isNotEmpty();
        }
        assertThat(events().filter(HistoryEvent::hasWorkflowExecutionStartedEventAttributes)
                        .map(event -> event.getWorkflowExecutionStartedEventAttributes()
                                .getWorkflowType()
                                .getName()))
                .containsAll(types);
    }

    @Test
    @DisplayName("the death of a worker is noticed within 5 s, whatever it was at")
    void deathIsNoticed() {
        assertThat(events().filter(HistoryEvent::hasWorkflowExecutionStartedEventAttributes)
                        .map(HistoryEvent::getWorkflowExecutionStartedEventAttributes))
                .isNotEmpty()
                .allSatisfy(started -> assertThat(Durations.toMillis(started.getWorkflowTaskTimeout()))
                        .as(started.getWorkflowType().getName())
                        .isEqualTo(5_000));
        assertThat(events().filter(HistoryEvent::hasActivityTaskScheduledEventAttributes)
                        .map(HistoryEvent::getActivityTaskScheduledEventAttributes))
                .isNotEmpty()
                .allSatisfy(scheduled -> assertThat(Durations.toMillis(scheduled.getHeartbeatTimeout()))
                        .as(scheduled.getActivityType().getName())
                        .isBetween(1L, 5_000L));
    }

    @Test
    @DisplayName("nothing keeps its own workflow from going on with it")
    void replays() throws Exception {
        assertThat(RunHistories.of(slipway).replay()).isGreaterThanOrEqualTo(4);
    }

    private static Stream<HistoryEvent> events() {
        List<WorkflowExecutionHistory> all = RunHistories.of(slipway).all();
        return all.stream().flatMap(history -> history.getEvents().stream());
    }
}
