package dev.slipway.activities.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.activities.kubernetes.Causes.Found;
import dev.slipway.activities.kubernetes.Verdict.Failed;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class CausesTest {
    private static final String CRASHED =
            "containerStatuses: [{name: db, restartCount: %d, state: {terminated: {exitCode: 3}}}]";
    private static final String UNPULLABLE =
            "containerStatuses: [{name: db, image: none, restartCount: 0, state: {waiting: {reason: InvalidImageName, message: %s}}}]";
    private static final String RUNNING =
            "conditions: [{type: Ready, status: 'False'}], containerStatuses: [{name: db, restartCount: 0, state: {running: {}}}]";

    private long now;
    private final Since since = new Since(() -> now);

    @Test
    @DisplayName("the same cause at several pods is one, whatever they count; that of the most pods is first")
    void merges() {
        Found found = found(
                List.of(
                        pod(0, UNPULLABLE.formatted("bad")),
                        pod(1, CRASHED.formatted(1)),
                        pod(2, CRASHED.formatted(4)),
                        pod(3, RUNNING)),
                List.of());

        assertThat(found.certain())
                .extracting(failed -> failed.problem().code())
                .containsExactly(ProblemCode.POD_CRASH, ProblemCode.POD_IMAGE_PULL);
        assertThat(first(found).arguments()).containsEntry("pods", "2/4");
        assertThat(found.explained()).isEqualTo(3);
    }

    @Test
    @DisplayName("of causes at as many pods, the one a person can do most about is first")
    void ranks() {
        Found found = found(List.of(pod(0, CRASHED.formatted(1)), pod(1, UNPULLABLE.formatted("bad"))), List.of());

        assertThat(found.certain())
                .extracting(failed -> failed.problem().code())
                .containsExactly(ProblemCode.POD_IMAGE_PULL, ProblemCode.POD_CRASH);
    }

    @Test
    @DisplayName("a probe that fails may still succeed: likely; at a pod that crashes it is no cause of its own")
    void probes() {
        Found found = found(
                List.of(pod(0, RUNNING), pod(1, CRASHED.formatted(2))),
                List.of(
                        event("u0", "Unhealthy", "Readiness probe failed: HTTP probe failed with statuscode: 503", 1),
                        event(
                                "u1",
                                "Unhealthy",
                                "Readiness probe failed: dial tcp 10.0.0.1:1: connect: connection refused",
                                1)));

        assertThat(found.certain())
                .extracting(failed -> failed.problem().code())
                .containsExactly(ProblemCode.POD_CRASH);
        assertThat(found.likely()).singleElement().satisfies(failed -> {
            assertThat(failed.problem().code()).isEqualTo(ProblemCode.POD_PROBE);
            assertThat(failed.problem().arguments()).containsEntry("answer", "HTTP 503");
        });
    }

    @Test
    @DisplayName("a refusal from before the wait is no news; the same once more is")
    void staleRefusals() {
        Event before = event("set", "FailedCreate", "exceeded quota: small", 3);
        Event again = event("set", "FailedCreate", "exceeded quota: small", 4);
        Set<String> stale = Set.of(Evidence.mark(before));

        assertThat(Causes.of(view(List.of()), evidence(before), stale, since).certain())
                .isEmpty();
        assertThat(Causes.of(view(List.of()), evidence(again), stale, since).certain())
                .extracting(failed -> failed.problem().code())
                .containsExactly(ProblemCode.POD_QUOTA);
    }

    @Test
    @DisplayName("a namespace so new that it has no account yet is given its moment")
    void passingRefusals() {
        Found found = found(
                List.of(),
                List.of(event(
                        "set",
                        "FailedCreate",
                        "error looking up service account a/default: serviceaccount \"default\" not found",
                        1)));

        assertThat(found.certain()).isEmpty();
        assertThat(found.likely()).hasSize(1);
    }

    @Test
    @DisplayName("a pod that cannot go as its node is away is named after a minute")
    void lostNodes() {
        Pod pod = pod(0, "conditions: [{type: DisruptionTarget, status: 'True', reason: DeletionByTaintManager}]");
        pod.getMetadata().setDeletionTimestamp("2026-01-01T00:00:00Z");
        pod.getSpec().setNodeName("node-7");

        assertThat(found(List.of(pod), List.of()).likely()).hasSize(1);
        now += Duration.ofSeconds(60).toNanos();

        Problem problem = first(found(List.of(pod), List.of()));
        assertThat(problem.code()).isEqualTo(ProblemCode.POD_NODE_LOST);
        assertThat(problem.arguments()).containsEntry("node", "node-7");
    }

    @Test
    @DisplayName("one evicted pod is replaced; the second is a cause")
    void evictions() {
        String evicted = "phase: Failed, reason: Evicted, message: low on memory";

        assertThat(found(List.of(pod(0, evicted)), List.of()).certain()).isEmpty();
        assertThat(first(found(List.of(pod(0, evicted), pod(1, evicted)), List.of()))
                        .code())
                .isEqualTo(ProblemCode.POD_EVICTED);
    }

    @Test
    @DisplayName("the scheduler's message is shortened to what each node lacks, with what is wanted and what there is")
    void scheduling() {
        Pod pod = pod(0, "phase: Pending");
        var node = Serialization.unmarshal(
                "apiVersion: v1\nkind: Node\nmetadata: {name: n}\nstatus: {allocatable: {cpu: '2'}}",
                io.fabric8.kubernetes.api.model.Node.class);
        String message = "0/5 nodes are available: 1 Insufficient cpu, 1 node(s) had untolerated taint {a: b}, "
                + "3 node(s) didn't match Pod's node affinity/selector. no new claims to deallocate, "
                + "preemption: 0/5 nodes are available: 5 Preemption is not helpful for scheduling.";

        assertThat(Scheduling.words(pod, message, List.of(node)))
                .isEqualTo(
                        "1 node: insufficient cpu (wants 64, the largest node has 2); 1 node: untolerated taint {a: b}; "
                                + "3 nodes: didn't match Pod's node affinity/selector");
        assertThat(Scheduling.words(pod, message, List.of())).startsWith("1 node: insufficient cpu (wants 64); ");
        assertThat(Scheduling.words(pod, "something new", List.of())).isEqualTo("something new");
    }

    @Test
    @DisplayName("what a probe was told is shortened to its answer")
    void answers() {
        assertThat(answer("Liveness probe failed: Get \"http://10.0.0.1:8080/\": context deadline exceeded"))
                .isEqualTo(new Probing("liveness", "no answer in time"));
        assertThat(answer("Startup probe failed: cat: /ready: No such file"))
                .isEqualTo(new Probing("startup", "cat: /ready: No such file"));
        assertThat(answer("Readiness probe failed: ")).isEqualTo(new Probing("readiness", "-"));
        assertThat(Probing.of(event("u0", "Pulled", "Readiness probe failed: x", 1)))
                .isEmpty();
    }

    @Test
    @DisplayName("while the node pauses, the registry's words are still the cause")
    void registryWords() {
        assertThat(PodCauses.registryWords("Back-off pulling image \"a:1\": ErrImagePull: not found"))
                .isEqualTo("not found");
        assertThat(PodCauses.registryWords("Back-off pulling image \"a:1\"")).startsWith("Back-off");
    }

    private static Probing answer(String message) {
        return Probing.of(event("u0", "Unhealthy", message, 1)).orElseThrow();
    }

    private Found found(List<Pod> pods, List<Event> events) {
        return Causes.of(view(pods), evidence(events.toArray(Event[]::new)), Set.of(), since);
    }

    private static Problem first(Found found) {
        return found.certain().stream().map(Failed::problem).findFirst().orElseThrow();
    }

    private static Evidence evidence(Event... events) {
        return new Evidence(List.of(events), List.of());
    }

    private static View view(List<Pod> pods) {
        StatefulSet set = Serialization.unmarshal(
                "apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: db, namespace: a, uid: set, generation: 1,"
                        + " managedFields: [{manager: slipway, operation: Apply, time: '2026-01-01T00:00:09Z'}]}\n"
                        + "spec: {replicas: 4}\nstatus: {observedGeneration: 1, updateRevision: r, replicas: 0}",
                StatefulSet.class);
        return new View(set, List.of(), pods);
    }

    private static Event event(String uid, String reason, String message, int count) {
        Event event = new Event();
        event.setMetadata(new io.fabric8.kubernetes.api.model.ObjectMetaBuilder()
                .withUid("e-" + uid)
                .build());
        event.setInvolvedObject(new io.fabric8.kubernetes.api.model.ObjectReferenceBuilder()
                .withUid(uid)
                .build());
        event.setReason(reason);
        event.setMessage(message);
        event.setCount(count);
        event.setLastTimestamp("2026-01-01T00:00:00Z");
        return event;
    }

    private static Pod pod(int ordinal, String status) {
        return Serialization.unmarshal(
                "apiVersion: v1\nkind: Pod\nmetadata: {name: db-" + ordinal + ", namespace: a, uid: u" + ordinal
                        + ", labels: {controller-revision-hash: r}, ownerReferences: [{uid: set}]}\n"
                        + "spec: {containers: [{name: db, resources: {requests: {cpu: '64'}}}]}\nstatus: {" + status
                        + "}",
                Pod.class);
    }
}
