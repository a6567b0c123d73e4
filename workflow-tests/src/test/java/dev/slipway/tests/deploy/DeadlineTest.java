package dev.slipway.tests.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.activities.store.EnvironmentStore.StoredEnvironment;
import dev.slipway.activities.store.PlanStore;
import dev.slipway.activities.store.RunStore.StoredRun;
import dev.slipway.tests.support.RunningSlipway;
import dev.slipway.web.SlipwaySettings;
import dev.slipway.web.problems.ProblemTexts;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import dev.slipway.workflows.run.Outcome;
import dev.slipway.workflows.run.Step;
import dev.slipway.workflows.run.StepState;
import dev.slipway.workflows.run.StepView;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeadlineTest {
    private static final String DOCUMENT = """
            apiVersion: slipway.dev/v1
            kind: Application
            metadata: {name: shop}
            spec:
              components:
                - name: hasty
                  source: {image: "registry.example/any@sha256:%1$s"}
                  deadline: 10s
                  # Not part of what it says: that is all of it.
                  probes: {startup: {exec: ["true"], period: 10, failureThreshold: 60}}
                  env: {SIMULATION_READY_AFTER: 60m}
                - name: patient
                  source: {image: "registry.example/any@sha256:%1$s"}
                  deadline: 1m
                  env: {SIMULATION_READY_AFTER: 16s}
                - name: silent
                  source: {image: "registry.example/any@sha256:%1$s"}
                  env: {SIMULATION_READY_AFTER: 60m}
            """.formatted("0".repeat(64));

    @TempDir
    Path data;

    @Test
    @DisplayName("each component is waited for as long as it says itself, the others as long as the setting says")
    void waitsForEachAsItSays() {
        try (RunningSlipway slipway = RunningSlipway.start(data, "slipway.deploy.deadline=12s")) {
            StoredEnvironment environment = slipway.environment(DOCUMENT, "shop");

            StoredRun run = slipway.deploy(environment);

            assertThat(run.outcome()).as("%s", run.progress()).isEqualTo(Outcome.FAILED);
            assertThat(planned(slipway, run))
                    .isEqualTo(Map.of("deploy/hasty", 10, "deploy/patient", 60, "deploy/silent", 12));
            assertThat(step(run, "deploy/patient").state()).isEqualTo(StepState.DONE);
            late(step(run, "deploy/hasty"), 10, "deadline: 10s");
            late(step(run, "deploy/silent"), 12, "slipway.deploy.deadline");
            assertThat(step(run, "deploy/hasty").endedAt())
                    .isLessThan(step(run, "deploy/patient").endedAt());
        }
    }

    @Test
    @DisplayName("a setting that is no sensible time stops the start with its name")
    void refusesSenselessSettings() {
        assertThatThrownBy(() -> new SlipwaySettings.Deploy(Duration.ofSeconds(9)))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.problem().where()).isEqualTo("slipway.deploy.deadline"));
        assertThatThrownBy(() -> new SlipwaySettings.Deploy(Duration.ofHours(25)))
                .isInstanceOf(ProblemException.class);
    }

    private static void late(StepView step, int seconds, String rule) {
        assertThat(step.state()).isEqualTo(StepState.FAILED);
        Problem problem = step.problem();
        assertThat(problem.code()).isEqualTo(ProblemCode.NOT_READY_IN_TIME);
        assertThat(problem.arguments()).containsEntry("seconds", "" + seconds).containsEntry("deadline", rule);
        assertThat(step.endedAt() - step.startedAt()).isGreaterThanOrEqualTo(seconds * 1000L);
        for (Locale language : new Locale[] {Locale.ENGLISH, Locale.CHINESE}) {
            var text = new ProblemTexts().text(problem, language);
            assertThat(text.what()).contains(rule);
            assertThat(text.fix()).contains("deadline: 30m").contains("slipway.deploy.deadline");
        }
    }

    private static Map<String, Integer> planned(RunningSlipway slipway, StoredRun run) {
        Map<String, Integer> seconds = new TreeMap<>();
        for (Step step : slipway.get(PlanStore.class)
                .plan(run.id())
                .orElseThrow()
                .skeleton()
                .steps()) {
            if (step.deadlineSeconds() != null) {
                seconds.put(step.id(), step.deadlineSeconds());
            }
        }
        return seconds;
    }

    private static StepView step(StoredRun run, String id) {
        return run.progress().steps().stream()
                .filter(step -> step.id().equals(id))
                .findFirst()
                .orElseThrow();
    }
}
