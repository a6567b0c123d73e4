package dev.slipway.activities.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.activities.kubernetes.Verdict.Failed;
import dev.slipway.activities.kubernetes.Verdict.Pending;
import dev.slipway.activities.kubernetes.Verdict.Reached;
import dev.slipway.workflows.problem.ProblemCode;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class RawJudgeTest {
    private final AtomicLong now = new AtomicLong();
    private final Since since = new Since(now::get);

    @Test
    @DisplayName("a resource that says nothing counts after five seconds, and after five more when it is written again")
    void waitsForAFirstWord() {
        assertThat(RawJudge.resource(widget(1, "{}"), since)).isInstanceOf(Pending.class);
        pass(4);
        assertThat(RawJudge.resource(widget(1, "{}"), since)).isInstanceOf(Pending.class);
        pass(1);
        assertThat(RawJudge.resource(widget(1, "{}"), since)).isInstanceOf(Reached.class);
        assertThat(RawJudge.resource(widget(2, "{}"), since)).isInstanceOf(Pending.class);
    }

    @Test
    @DisplayName("a failure that may be of what was before is told at once and believed later")
    void waitsForAFailure() {
        HasMetadata stalled = widget(1, "{conditions: [{type: Stalled, status: 'True', message: too large}]}");

        assertThat(RawJudge.resource(stalled, since))
                .isInstanceOfSatisfying(
                        Pending.class,
                        pending -> assertThat(pending.likely())
                                .extracting(cause -> cause.problem().code())
                                .containsExactly(ProblemCode.KUBERNETES_OBJECT_STALLED));
        pass(5);
        assertThat(RawJudge.resource(stalled, since)).isInstanceOf(Failed.class);
    }

    @Test
    @DisplayName(
            "a claim that waits for its first pod is settled; one that nothing makes a volume for fails in its words")
    void claims() {
        PersistentVolumeClaim claim = Serialization.unmarshal(
                "apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: data, namespace: shop, uid: u}\n"
                        + "spec: {storageClassName: fast}\nstatus: {phase: Pending}",
                PersistentVolumeClaim.class);

        assertThat(RawJudge.claim(claim, Evidence.NONE))
                .isInstanceOfSatisfying(
                        Pending.class, pending -> assertThat(pending.unclear()).containsExactly(claim));
        assertThat(RawJudge.claim(claim, said("WaitForFirstConsumer", "waiting")))
                .isInstanceOf(Reached.class);
        assertThat(RawJudge.claim(claim, said("ProvisioningFailed", "no such class")))
                .isInstanceOfSatisfying(Failed.class, failed -> {
                    assertThat(failed.problem().code()).isEqualTo(ProblemCode.POD_VOLUME);
                    assertThat(failed.problem().arguments())
                            .containsEntry("claim", "data")
                            .containsEntry("class", "fast")
                            .containsEntry("message", "no such class");
                });
        assertThat(RawJudge.claim(claim, said("FailedBinding", "no volume")))
                .isInstanceOfSatisfying(
                        Pending.class, pending -> assertThat(pending.likely()).hasSize(1));
    }

    @Test
    @DisplayName("a single pod that has ended badly says with which exit code, or who ended it")
    void pods() {
        assertThat(RawJudge.ended(pod("{phase: Failed, containerStatuses: [{name: a, restartCount: 0, state:"
                                + " {terminated: {exitCode: 3}}}]}"))
                        .problem())
                .satisfies(problem -> {
                    assertThat(problem.code()).isEqualTo(ProblemCode.POD_CRASH);
                    assertThat(problem.arguments()).containsEntry("exit", "3");
                });
        assertThat(RawJudge.ended(pod("{phase: Failed, reason: Evicted, message: disk}"))
                        .problem()
                        .code())
                .isEqualTo(ProblemCode.POD_EVICTED);
    }

    private void pass(long seconds) {
        now.addAndGet(Duration.ofSeconds(seconds).toNanos());
    }

    private static HasMetadata widget(long generation, String status) {
        return Serialization.unmarshal(
                "apiVersion: example.org/v1\nkind: Widget\nmetadata: {name: one, namespace: shop, uid: u, generation: "
                        + generation + "}\nstatus: " + status,
                GenericKubernetesResource.class);
    }

    private static Pod pod(String status) {
        return Serialization.unmarshal(
                "apiVersion: v1\nkind: Pod\nmetadata: {name: one, namespace: shop, uid: u}\n"
                        + "spec: {containers: [{name: a}]}\nstatus: " + status,
                Pod.class);
    }

    private static Evidence said(String reason, String message) {
        Event event = new EventBuilder()
                .withNewMetadata()
                .withUid("e")
                .endMetadata()
                .withNewInvolvedObject()
                .withUid("u")
                .endInvolvedObject()
                .withReason(reason)
                .withMessage(message)
                .build();
        return new Evidence(List.of(event), List.of());
    }
}
