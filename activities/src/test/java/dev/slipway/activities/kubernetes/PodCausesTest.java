package dev.slipway.activities.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.activities.kubernetes.Verdict.Failed;
import dev.slipway.workflows.problem.ProblemCode;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class PodCausesTest {
    private long now;
    private final Since since = new Since(() -> now);

    @Test
    @DisplayName("an image that is not pulled at once gets two seconds, then is named in the registry's words")
    void pull() {
        Pod pod = container("{waiting: {reason: ErrImagePull, message: no such image}}", 0);

        assertThat(PodCauses.of(pod, since)).isEmpty();
        pass(Duration.ofSeconds(2));

        Failed failed = PodCauses.of(pod, since).orElseThrow();
        assertThat(failed.problem().code()).isEqualTo(ProblemCode.POD_IMAGE_PULL);
        assertThat(failed.problem().arguments()).containsEntry("message", "no such image");
    }

    @Test
    @DisplayName("a name that is no image's is named at once")
    void invalidName() {
        assertThat(code(container("{waiting: {reason: InvalidImageName}}", 0))).contains(ProblemCode.POD_IMAGE_PULL);
    }

    @Test
    @DisplayName("one bad end may be chance, the second is a crash, with signal")
    void crash() {
        assertThat(code(container("{terminated: {exitCode: 139}}", 0))).isEmpty();

        Failed failed = PodCauses.of(container("{terminated: {exitCode: 139}}", 1), since)
                .orElseThrow();

        assertThat(failed.problem().code()).isEqualTo(ProblemCode.POD_CRASH);
        assertThat(failed.problem().arguments()).containsEntry("exit", "139").containsEntry("signal", "11");
        assertThat(failed.log()).isNotNull();
        assertThat(failed.log().previous()).isFalse();
    }

    @Test
    @DisplayName("a container that waits for its next start says its last words by the container before")
    void backingOff() {
        Pod pod = container("{waiting: {reason: CrashLoopBackOff}}, lastState: {terminated: {exitCode: 0}}", 1);

        assertThat(PodCauses.of(pod, since).orElseThrow().log().previous()).isTrue();
    }

    @Test
    @DisplayName("a container that runs is given its time, however often it was restarted")
    void runs() {
        assertThat(code(container("{running: {}}, lastState: {terminated: {exitCode: 1}}", 7)))
                .isEmpty();
    }

    @Test
    @DisplayName("a container that was ended for its memory names its limit")
    void outOfMemory() {
        Failed failed = PodCauses.of(container("{terminated: {exitCode: 137, reason: OOMKilled}}", 1), since)
                .orElseThrow();

        assertThat(failed.problem().code()).isEqualTo(ProblemCode.POD_OUT_OF_MEMORY);
        assertThat(failed.problem().arguments()).containsEntry("limit", "64Mi");
    }

    @Test
    @DisplayName("a pod without a node is named after four seconds")
    void unschedulable() {
        Pod pod = pod("{conditions: [{type: PodScheduled, status: 'False', reason: Unschedulable, message: full}]}");

        assertThat(code(pod)).isEmpty();
        pass(Duration.ofSeconds(4));
        assertThat(code(pod)).contains(ProblemCode.POD_UNSCHEDULABLE);
    }

    @Test
    @DisplayName("a container that can't be made is named at once")
    void configuration() {
        assertThat(code(container("{waiting: {reason: CreateContainerConfigError, message: secret not found}}", 0)))
                .contains(ProblemCode.POD_CONFIGURATION);
    }

    @Test
    @DisplayName("a node that is late reading a secret tries again by itself: no cause")
    void lateNode() {
        Pod pod = container(
                "{waiting: {reason: CreateContainerConfigError, message: 'failed to sync secret cache: timed out'}}",
                0);

        assertThat(code(pod)).isEmpty();
        pass(Duration.ofSeconds(30));
        assertThat(code(pod)).isEmpty();
    }

    private Optional<ProblemCode> code(Pod pod) {
        return PodCauses.of(pod, since).map(failed -> failed.problem().code());
    }

    private static Pod container(String state, int restarts) {
        return pod("{containerStatuses: [{name: main, restartCount: " + restarts + ", state: " + state + "}]}");
    }

    private static Pod pod(String status) {
        return Serialization.unmarshal(
                "apiVersion: v1\nkind: Pod\nmetadata: {name: web-1, namespace: a, uid: u}\nspec: {containers: [{name: main,"
                        + " resources: {limits: {memory: 64Mi}}}]}\nstatus: " + status,
                Pod.class);
    }

    private void pass(Duration time) {
        now += time.toNanos();
    }
}
