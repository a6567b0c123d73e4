package dev.slipway.activities.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.activities.store.ComponentStateStore.State;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.utils.Serialization;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RawHealthTest {
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            no status               | {}                                                                        | HEALTHY     | false | ''
            ready, of now           | {observedGeneration: 3, conditions: [{type: Ready, status: 'True'}]}      | HEALTHY     | true  | Ready=True
            ready, of whenever      | {conditions: [{type: Ready, status: 'True'}]}                             | HEALTHY     | false | Ready=True
            ready says of now       | {conditions: [{type: Ready, status: 'True', observedGeneration: 3}]}      | HEALTHY     | true  | Ready=True
            ready says of before    | {conditions: [{type: Ready, status: 'True', observedGeneration: 2}]}      | PROGRESSING | true  | not looked at by its controller yet
            of before               | {observedGeneration: 2, conditions: [{type: Ready, status: 'True'}]}      | PROGRESSING | true  | not looked at by its controller yet
            not ready               | {observedGeneration: 3, conditions: [{type: Ready, status: 'False', reason: Waiting, message: no disk yet}]} | PROGRESSING | true | Ready=False, Waiting: no disk yet
            unknown                 | {conditions: [{type: Ready, status: Unknown}]}                            | PROGRESSING | false | Ready=Unknown
            reconciling             | {observedGeneration: 3, conditions: [{type: Ready, status: 'True'}, {type: Reconciling, status: 'True'}]}    | PROGRESSING | true | Reconciling=True
            stalled                 | {observedGeneration: 3, conditions: [{type: Ready, status: 'False'}, {type: Stalled, status: 'True'}]}       | DEGRADED    | true | Stalled=True
            no longer stalled       | {observedGeneration: 3, conditions: [{type: Stalled, status: 'False'}, {type: Available, status: 'True'}]}   | HEALTHY     | true | Available=True
            failed                  | {observedGeneration: 3, conditions: [{type: Failed, status: 'True'}]}     | DEGRADED    | true  | Failed=True
            says nothing of it      | {observedGeneration: 3, phase: whatever}                                  | HEALTHY     | true  | ''
            not a list              | {conditions: odd, observedGeneration: odd}                                | HEALTHY     | false | ''
            """)
    @DisplayName("a custom resource is read as kstatus does, and says whether it is about what was written last")
    void customResources(String what, String status, State expected, boolean observed, String words) {
        HasMetadata resource = read("example.org/v1", "Widget", "{}", status);

        ResourceStatus found = ResourceStatus.of(resource);

        assertThat(found.state()).as(what).isEqualTo(expected);
        assertThat(found.observed()).as(what).isEqualTo(observed);
        assertThat(found.words()).as(what).isEqualTo(words);
        assertThat(RawHealth.settled(resource)).as(what).isEqualTo(expected == State.HEALTHY);
    }

    @ParameterizedTest(name = "{0} {1} {2}")
    @CsvSource(delimiter = '|', textBlock = """
            apps/v1                   | Deployment               | {}                                                     | true
            apps/v1                   | Deployment               | {paused: true}                                         | false
            apps/v1                   | StatefulSet              | {}                                                     | true
            apps/v1                   | StatefulSet              | {updateStrategy: {type: OnDelete}}                     | false
            apps/v1                   | StatefulSet              | {updateStrategy: {rollingUpdate: {partition: 1}}}      | false
            apps/v1                   | StatefulSet              | {updateStrategy: {rollingUpdate: {partition: 0}}}      | true
            apps/v1                   | DaemonSet                | {updateStrategy: {type: OnDelete}}                     | false
            apps/v1                   | ReplicaSet               | {}                                                     | true
            batch/v1                  | Job                      | {}                                                     | true
            batch/v1                  | Job                      | {suspend: true}                                        | false
            batch/v1                  | CronJob                  | {}                                                     | false
            v1                        | Pod                      | {}                                                     | true
            v1                        | PersistentVolumeClaim    | {}                                                     | true
            v1                        | ServiceAccount           | {}                                                     | false
            networking.k8s.io/v1      | NetworkPolicy            | {}                                                     | false
            gateway.networking.k8s.io/v1 | HTTPRoute             | {}                                                     | true
            apiextensions.k8s.io/v1   | CustomResourceDefinition | {}                                                     | false
            example.org/v1            | Pod                      | {}                                                     | true
            """)
    @DisplayName("what can say how it is, is waited for, but not what its author stops or rolls out by hand")
    void judged(String api, String kind, String spec, boolean expected) {
        assertThat(RawHealth.judged(read(api, kind, spec, "{}"))).isEqualTo(expected);
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource(delimiter = '|', textBlock = """
            Pod                   | {phase: Running, conditions: [{type: Ready, status: 'True'}]}  | HEALTHY
            Pod                   | {phase: Running, conditions: [{type: Ready, status: 'False'}]} | PROGRESSING
            Pod                   | {phase: Succeeded}                                             | HEALTHY
            Pod                   | {phase: Failed}                                                | DEGRADED
            PersistentVolumeClaim | {phase: Bound}                                                 | HEALTHY
            PersistentVolumeClaim | {phase: Pending}                                               | PROGRESSING
            PersistentVolumeClaim | {phase: Lost}                                                  | DEGRADED
            """)
    @DisplayName("single pods and claims")
    void others(String kind, String status, State expected) {
        assertThat(Health.of(RawHealth.typed(read("v1", kind, "{}", status))).state())
                .isEqualTo(expected);
    }

    /** As a raw object is read: only kinds that components are made of have a type. */
    private static HasMetadata read(String api, String kind, String spec, String status) {
        String yaml = "apiVersion: " + api + "\nkind: " + kind + "\nmetadata: {name: a, uid: u, generation: 3}\nspec: "
                + spec + "\nstatus: " + status;
        return api.contains(".org") || api.contains(".k8s.io") || kind.equals("Pod") || kind.equals("ReplicaSet")
                ? Serialization.unmarshal(yaml, GenericKubernetesResource.class)
                : Serialization.unmarshal(yaml);
    }
}
