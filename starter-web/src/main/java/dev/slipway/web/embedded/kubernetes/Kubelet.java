package dev.slipway.web.embedded.kubernetes;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Takes pods through their life without running them: placed, created, started, ready; or failing as
 * {@link Simulation} says, or as what they refer to makes them. Where a pod stands is read from its status, so that it
 * goes on after a restart.
 */
final class Kubelet implements Controller {
    private static final WriteOptions BY = WriteOptions.by("kubelet").onStatus();
    private static final String NAME = "kubelet";
    private static final Duration ENDING = Duration.ofMillis(50);
    private static final Duration FIRST_PULL_PAUSE = Duration.ofMillis(100);
    private static final Duration RETRY = Duration.ofSeconds(2);
    private static final Duration SHORTEST_BACK_OFF = Duration.ofSeconds(1);
    private static final Duration LONGEST_BACK_OFF = Duration.ofSeconds(60);

    private final ClusterApi api;
    private final EventRecorder events;
    private final Timers timers;
    private final PodReferences references;
    private final ImageCheck images;
    private final Map<String, Instant> seen = new HashMap<>();
    private final Map<String, Integer> pulls = new HashMap<>();
    private int addresses;

    Kubelet(ClusterApi api, EventRecorder events, Timers timers, ImageCheck images) {
        this.api = api;
        this.events = events;
        this.timers = timers;
        this.references = new PodReferences(api.store());
        this.images = images;
    }

    @Override
    public void reconcile(ObjectKey key) {
        ObjectNode pod = api.store().find(key);
        if (pod == null) {
            return;
        }
        if (Json.terminating(pod)) {
            end(key, pod);
        } else if (!Workloads.finished(pod)) {
            if (Json.text(pod, "spec", "nodeName").isEmpty()) {
                place(key, pod);
            } else if (Json.at(pod, "status", "containerStatuses").isEmpty()) {
                prepare(key, pod);
            } else {
                advance(key, pod);
            }
        }
    }

    /** Forgets a pod that is gone. */
    void forget(ObjectNode pod) {
        seen.remove(Json.uid(pod));
        seen.remove(Json.uid(pod) + "/started");
        seen.remove(Json.uid(pod) + "/ending");
        seen.remove(Json.uid(pod) + "/probed");
        pulls.remove(Json.uid(pod));
    }

    private void end(ObjectKey key, ObjectNode pod) {
        if (due(key, pod, "/ending", ENDING)) {
            api.finish(key, Json.uid(pod));
        }
    }

    private void place(ObjectKey key, ObjectNode pod) {
        Simulation simulation = Simulation.of(pod);
        String problem = simulation.fails("Unschedulable", 0)
                ? "0/1 nodes are available: 1 Insufficient cpu. (simulated)"
                : references.unplaceable(pod);
        if (problem != null) {
            change(key, status -> Workloads.condition(status, "PodScheduled", false, "Unschedulable", problem, false));
            if (!problem.equals(Json.text(Json.condition(pod, "PodScheduled"), "message"))) {
                events.warning(pod, "default-scheduler", "FailedScheduling", problem);
            }
            return;
        }
        api.change(key, WriteOptions.by("kube-scheduler"), current -> {
            ObjectNode placed = current.deepCopy();
            Json.child(placed, "spec").put("nodeName", SimulatedCluster.NODE);
            return placed;
        });
        events.normal(
                pod,
                "default-scheduler",
                "Scheduled",
                "Successfully assigned " + key.path() + " to " + SimulatedCluster.NODE);
    }

    private void prepare(ObjectKey key, ObjectNode pod) {
        change(key, status -> {
            status.put("startTime", Json.now()).put("hostIP", "127.0.0.1");
            condition(status, "PodScheduled", true, "");
            condition(
                    status,
                    "Initialized",
                    Json.at(pod, "spec", "initContainers").isEmpty(),
                    "ContainersNotInitialized");
            condition(status, "Ready", false, "ContainersNotReady");
            condition(status, "ContainersReady", false, "ContainersNotReady");
            for (JsonNode container : Json.at(pod, "spec", "initContainers")) {
                waiting(entry(status, "initContainerStatuses", container), "PodInitializing", "");
            }
            for (JsonNode container : Json.at(pod, "spec", "containers")) {
                waiting(entry(status, "containerStatuses", container), "ContainerCreating", "");
            }
        });
    }

    private void advance(ObjectKey key, ObjectNode pod) {
        JsonNode first = Json.at(pod, "status", "containerStatuses").path(0);
        String waiting = Json.text(first, "state", "waiting", "reason");
        if (waiting.isEmpty()) {
            run(key, pod);
        } else if (waiting.equals("CrashLoopBackOff")) {
            if (due(key, pod, "/backoff", backOff(restarts(pod)))) {
                start(key, pod);
            }
        } else {
            Simulation simulation = Simulation.of(pod);
            boolean later = hasProbe(pod) || !"Always".equals(Json.text(pod, "spec", "restartPolicy"));
            Duration delay = later ? simulation.readyAfter().dividedBy(2) : simulation.readyAfter();
            if (due(key, pod, "", delay)) {
                tryStart(key, pod, simulation, waiting);
            }
        }
    }

    private void tryStart(ObjectKey key, ObjectNode pod, Simulation simulation, String waiting) {
        String mount = references.unmountable(pod);
        if (mount != null) {
            events.warning(pod, NAME, "FailedMount", mount);
            timers.again(key, RETRY);
            return;
        }
        int index = 0;
        for (JsonNode container : Json.at(pod, "spec", "containers")) {
            String image = Json.text(container, "image");
            String pull = pullProblem(pod, simulation, index, image);
            if (pull != null) {
                pullFailed(key, pod, index, image, pull, waiting);
                return;
            }
            String problem = references.unconfigurable(pod, container);
            if (problem == null && index == 0 && simulation.fails("CreateContainerConfigError", pullAttempts(pod))) {
                problem = "simulated: the container's configuration is not valid";
            }
            if (problem != null) {
                String message = problem;
                int at = index;
                pulls.merge(Json.uid(pod), 1, Integer::sum);
                change(key, status -> waiting(at(status, at), "CreateContainerConfigError", message));
                events.warning(pod, NAME, "Failed", "Error: " + message);
                timers.again(key, RETRY);
                return;
            }
            index++;
        }
        for (JsonNode container : Json.at(pod, "spec", "containers")) {
            events.normal(
                    pod,
                    NAME,
                    "Pulled",
                    "Container image \"" + Json.text(container, "image") + "\" taken as present (simulated)");
        }
        start(key, pod);
    }

    private @Nullable String pullProblem(ObjectNode pod, Simulation simulation, int index, String image) {
        boolean scripted = simulation.fails("ImagePullBackOff", pullAttempts(pod))
                || simulation.fails("ErrImagePull", pullAttempts(pod));
        if (index == 0 && scripted) {
            return "failed to pull and unpack image \"" + image + "\": not found (simulated)";
        }
        return images.refusal(image).orElse(null);
    }

    private int pullAttempts(ObjectNode pod) {
        return pulls.getOrDefault(Json.uid(pod), 0);
    }

    private void pullFailed(ObjectKey key, ObjectNode pod, int index, String image, String why, String waiting) {
        pulls.merge(Json.uid(pod), 1, Integer::sum);
        if (waiting.equals("ErrImagePull") || waiting.equals("ImagePullBackOff")) {
            String message = "Back-off pulling image \"" + image + "\": ErrImagePull: " + why;
            change(key, status -> waiting(at(status, index), "ImagePullBackOff", message));
            events.normal(pod, NAME, "BackOff", "Back-off pulling image \"" + image + "\"");
            timers.again(key, RETRY);
        } else {
            change(key, status -> waiting(at(status, index), "ErrImagePull", why));
            events.warning(pod, NAME, "Failed", "Failed to pull image \"" + image + "\": " + why);
            timers.again(key, FIRST_PULL_PAUSE);
        }
    }

    private void start(ObjectKey key, ObjectNode pod) {
        seen.put(Json.uid(pod) + "/started", Instant.now());
        String address = Json.text(pod, "status", "podIP");
        String ip = address.isEmpty() ? nextAddress() : address;
        boolean probe = hasProbe(pod);
        boolean stays = "Always".equals(Json.text(pod, "spec", "restartPolicy"));
        boolean exits = Simulation.of(pod).exits(attempt(pod));
        boolean ready = (!probe && !exits && !Simulation.of(pod).failure().equals("NeverReady")) || !stays && !exits;
        change(key, status -> {
            status.put("phase", "Running").put("podIP", ip);
            status.putArray("podIPs").addObject().put("ip", ip);
            for (JsonNode entry : status.path("initContainerStatuses")) {
                ObjectNode state = Json.child((ObjectNode) entry, "state").removeAll();
                terminated(state.putObject("terminated"), Json.now(), 0);
                ((ObjectNode) entry).put("ready", true);
            }
            for (JsonNode entry : status.path("containerStatuses")) {
                ObjectNode container = (ObjectNode) entry;
                if (Json.at(container, "state", "running").isMissingNode()) {
                    Json.child(container, "state")
                            .removeAll()
                            .putObject("running")
                            .put("startedAt", Json.now());
                }
                container.put("started", true).put("ready", ready);
                Json.putDefault(container, "containerID", "simulated://" + Json.uid(pod));
            }
            condition(status, "Initialized", true, "");
            ready(status, ready);
        });
        events.normal(pod, NAME, "Started", "Started container (simulated)");
    }

    private void run(ObjectKey key, ObjectNode pod) {
        Simulation simulation = Simulation.of(pod);
        boolean stays = "Always".equals(Json.text(pod, "spec", "restartPolicy"));
        if (simulation.exits(attempt(pod))) {
            if (due(key, pod, "/started", Duration.ofMillis(20))) {
                exit(key, pod, simulation.exitCode());
            }
        } else if (!stays) {
            if (due(key, pod, "/started", simulation.readyAfter().dividedBy(2))) {
                exit(key, pod, 0);
            }
        } else if (!Workloads.ready(pod)) {
            if (simulation.failure().equals("NeverReady")) {
                refuse(key, pod);
            } else if (!due(key, pod, "/started", simulation.readyAfter().dividedBy(2))) {
                refuse(key, pod);
            } else {
                change(key, status -> {
                    status.path("containerStatuses").forEach(entry -> ((ObjectNode) entry).put("ready", true));
                    ready(status, true);
                });
            }
        }
    }

    /** Nobody listens yet: a probe is told so each time it asks. */
    private void refuse(ObjectKey key, ObjectNode pod) {
        for (JsonNode container : Json.at(pod, "spec", "containers")) {
            boolean starts = container.has("startupProbe");
            JsonNode probe = container.path(starts ? "startupProbe" : "readinessProbe");
            if (probe.isMissingNode()) {
                continue;
            }
            Duration period = Duration.ofSeconds(Json.number(probe, 10, "periodSeconds"));
            if (due(key, pod, "/probed", period)) {
                seen.remove(Json.uid(pod) + "/probed");
                events.warning(
                        pod,
                        NAME,
                        "Unhealthy",
                        (starts ? "Startup" : "Readiness") + " probe failed: dial tcp "
                                + Json.text(pod, "status", "podIP") + ": connect: connection refused (simulated)");
                timers.again(key, period);
            }
        }
    }

    private void exit(ObjectKey key, ObjectNode pod, int code) {
        String policy = Json.text(pod, "spec", "restartPolicy");
        boolean restart = policy.equals("Always") || (policy.equals("OnFailure") && code != 0);
        if (!restart) {
            change(key, status -> {
                status.put("phase", code == 0 ? "Succeeded" : "Failed");
                for (JsonNode entry : status.path("containerStatuses")) {
                    ObjectNode state = Json.child((ObjectNode) entry, "state");
                    String started = Json.text(state, "running", "startedAt");
                    terminated(state.removeAll().putObject("terminated"), started, code);
                    ((ObjectNode) entry).put("ready", false).put("started", false);
                }
                String reason = code == 0 ? "PodCompleted" : "PodFailed";
                condition(status, "Ready", false, reason);
                condition(status, "ContainersReady", false, reason);
            });
            return;
        }
        int restarts = restarts(pod) + 1;
        change(key, status -> {
            ObjectNode container = at(status, 0);
            ObjectNode state = Json.child(container, "state");
            String started = Json.text(state, "running", "startedAt");
            terminated(Json.child(Json.child(container, "lastState"), "terminated"), started, code);
            container.put("restartCount", restarts).put("ready", false).put("started", false);
            ready(status, false);
            waiting(
                    container,
                    "CrashLoopBackOff",
                    "back-off " + backOff(restarts).toSeconds()
                            + "s restarting failed container=" + Json.text(container, "name") + " pod=" + key.name()
                            + "_"
                            + key.namespace() + "(" + Json.uid(pod) + ")");
        });
        events.warning(
                pod,
                NAME,
                "BackOff",
                "Back-off restarting failed container "
                        + Json.text(pod.path("spec").path("containers").path(0), "name") + " in pod " + key.name());
    }

    private int attempt(ObjectNode pod) {
        JsonNode owner = Json.at(pod, "metadata", "ownerReferences").path(0);
        if (Json.text(owner, "kind").equals("Job") && "Never".equals(Json.text(pod, "spec", "restartPolicy"))) {
            ObjectKey job = new ObjectKey(ResourceTypes.JOB, Json.namespace(pod), Json.text(owner, "name"));
            ObjectNode found = api.store().find(job);
            return found == null ? 0 : Json.number(found, 0, "status", "failed");
        }
        return restarts(pod);
    }

    private static int restarts(ObjectNode pod) {
        return Json.number(Json.at(pod, "status", "containerStatuses").path(0), 0, "restartCount");
    }

    private static Duration backOff(int restarts) {
        Duration pause = SHORTEST_BACK_OFF.multipliedBy(1L << Math.min(10, Math.max(0, restarts - 1)));
        return pause.compareTo(LONGEST_BACK_OFF) > 0 ? LONGEST_BACK_OFF : pause;
    }

    private static boolean hasProbe(ObjectNode pod) {
        for (JsonNode container : Json.at(pod, "spec", "containers")) {
            if (container.has("readinessProbe") || container.has("startupProbe")) {
                return true;
            }
        }
        return false;
    }

    /** True once {@code delay} has passed since this was first asked; sets a timer until then. */
    private boolean due(ObjectKey key, ObjectNode pod, String phase, Duration delay) {
        Instant since = phase.equals("/backoff")
                ? sinceExit(pod)
                : seen.computeIfAbsent(Json.uid(pod) + phase, unused -> Instant.now());
        Duration rest = Duration.between(Instant.now(), since.plus(delay));
        if (rest.isNegative() || rest.isZero()) {
            return true;
        }
        timers.again(key, rest.plusMillis(1));
        return false;
    }

    private static Instant sinceExit(ObjectNode pod) {
        JsonNode last = Json.at(pod, "status", "containerStatuses").path(0);
        String finished = Json.text(last, "lastState", "terminated", "finishedAt");
        return finished.isEmpty() ? Instant.EPOCH : Instant.parse(finished);
    }

    private String nextAddress() {
        addresses = addresses % 60_000 + 1;
        return "10.244." + addresses / 250 + "." + (addresses % 250 + 2);
    }

    private interface StatusEdit {
        void edit(ObjectNode status);
    }

    private void change(ObjectKey key, StatusEdit edit) {
        api.change(key, BY, current -> {
            ObjectNode changed = current.deepCopy();
            edit.edit(Json.child(changed, "status"));
            return changed;
        });
    }

    private static ObjectNode entry(ObjectNode status, String list, JsonNode container) {
        ArrayNode entries = status.get(list) instanceof ArrayNode found ? found : status.putArray(list);
        ObjectNode entry = entries.addObject();
        entry.put("name", Json.text(container, "name")).put("image", Json.text(container, "image"));
        entry.put("imageID", "").put("ready", false).put("restartCount", 0).put("started", false);
        entry.putObject("lastState");
        return entry;
    }

    private static ObjectNode at(ObjectNode status, int index) {
        return (ObjectNode) status.path("containerStatuses").path(index);
    }

    private static void waiting(ObjectNode container, String reason, String message) {
        ObjectNode waiting = Json.child(container, "state").removeAll().putObject("waiting");
        waiting.put("reason", reason);
        Json.putText(waiting, "message", message);
    }

    private static void terminated(ObjectNode terminated, String started, int code) {
        terminated.put("exitCode", code).put("reason", code == 0 ? "Completed" : "Error");
        terminated.put("startedAt", started.isEmpty() ? Json.now() : started).put("finishedAt", Json.now());
    }

    private static void ready(ObjectNode status, boolean ready) {
        condition(status, "ContainersReady", ready, ready ? "" : "ContainersNotReady");
        condition(status, "Ready", ready, ready ? "" : "ContainersNotReady");
    }

    private static void condition(ObjectNode status, String type, boolean value, String reason) {
        Workloads.condition(status, type, value, reason, "", false);
    }
}
