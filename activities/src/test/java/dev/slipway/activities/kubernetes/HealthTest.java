package dev.slipway.activities.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.activities.store.ComponentStateStore.State;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.utils.Serialization;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HealthTest {
    private static final String AVAILABLE = "[{type: Available, status: 'True'}]";

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            all there            | 2 | {observedGeneration: 3, replicas: 2, updatedReplicas: 2, availableReplicas: 2, readyReplicas: 2, conditions: AVAILABLE} | HEALTHY
            not looked at yet    | 2 | {observedGeneration: 2, replicas: 2, updatedReplicas: 2, availableReplicas: 2, readyReplicas: 2, conditions: AVAILABLE} | PROGRESSING
            old pods left        | 2 | {observedGeneration: 3, replicas: 3, updatedReplicas: 2, availableReplicas: 2, readyReplicas: 2, conditions: AVAILABLE} | PROGRESSING
            not available        | 2 | {observedGeneration: 3, replicas: 2, updatedReplicas: 2, availableReplicas: 1, readyReplicas: 1} | PROGRESSING
            scaled to zero       | 0 | {observedGeneration: 3, conditions: AVAILABLE} | STOPPED
            too late             | 1 | {observedGeneration: 3, replicas: 1, updatedReplicas: 1, conditions: [{type: Progressing, status: 'False', reason: ProgressDeadlineExceeded}]} | DEGRADED
            pods refused         | 1 | {observedGeneration: 3, conditions: [{type: ReplicaFailure, status: 'True', message: quota}]} | DEGRADED
            nothing known        | 1 | {} | PROGRESSING
            """)
    @DisplayName("a Deployment is healthy when all of the newest revision is available and nothing older is left")
    void deployments(String what, int replicas, String status, State expected) {
        Health health = Health.of(read("apps/v1", "Deployment", "{replicas: " + replicas + "}", status));

        assertThat(health.state()).as(what).isEqualTo(expected);
        assertThat(health.wanted()).isEqualTo(replicas);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            all there            | {observedGeneration: 3, replicas: 2, readyReplicas: 2, currentRevision: a, updateRevision: a} | HEALTHY
            old revision left    | {observedGeneration: 3, replicas: 2, readyReplicas: 2, currentRevision: a, updateRevision: b} | PROGRESSING
            one is not ready     | {observedGeneration: 3, replicas: 2, readyReplicas: 1, currentRevision: a, updateRevision: a} | PROGRESSING
            not looked at yet    | {observedGeneration: 2, replicas: 2, readyReplicas: 2, currentRevision: a, updateRevision: a} | PROGRESSING
            """)
    @DisplayName("a StatefulSet is healthy when all of it is ready and of one revision")
    void statefulSets(String what, String status, State expected) {
        assertThat(Health.of(read("apps/v1", "StatefulSet", "{replicas: 2}", status))
                        .state())
                .as(what)
                .isEqualTo(expected);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            succeeded  | {succeeded: 1, conditions: [{type: Complete, status: 'True'}]} | HEALTHY
            failed     | {conditions: [{type: Failed, status: 'True', reason: BackoffLimitExceeded}]} | DEGRADED
            failing    | {conditions: [{type: FailureTarget, status: 'True'}]} | DEGRADED
            suspended  | {conditions: [{type: Suspended, status: 'True'}]} | SUSPENDED
            started    | {active: 1} | PROGRESSING
            """)
    @DisplayName("a job is healthy when it has succeeded, not when it has started")
    void jobs(String what, String status, State expected) {
        assertThat(Health.of(read("batch/v1", "Job", "{}", status)).state())
                .as(what)
                .isEqualTo(expected);
    }

    private static HasMetadata read(String api, String kind, String spec, String status) {
        return Serialization.unmarshal(
                "apiVersion: " + api + "\nkind: " + kind + "\nmetadata: {name: a, generation: 3}\nspec: " + spec
                        + "\nstatus: " + status.replace("AVAILABLE", AVAILABLE),
                HasMetadata.class);
    }
}
