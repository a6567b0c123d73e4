package dev.slipway.web.embedded.kubernetes;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The log of a container that never ran: what its state says, marked as simulated, and what an annotation lets it print.
 * It is a function of the pod's status, so it needs no place of its own and survives a restart.
 */
final class PodLogs {
    private static final long LOOK_AGAIN_MILLISECONDS = 5_000;
    /** Nobody tells the JDK's server that a client has left before something is written to it: so no stream lasts for ever. */
    private static final long LONGEST_SILENCE_NANOS = 60_000_000_000L;

    private final ObjectStore store;

    PodLogs(ObjectStore store) {
        this.store = store;
    }

    /**
     * @param tail how many of the last lines; negative for all
     * @param since lines before it are left out
     */
    record Request(String container, boolean previous, boolean follow, long tail, boolean timestamps, Instant since) {}

    /** @throws ApiRefusal 400 when there is no such container, or it has no log yet */
    Request request(ObjectNode pod, Map<String, String> query) {
        List<String> names = new ArrayList<>();
        for (String list : new String[] {"containers", "initContainers"}) {
            Json.at(pod, "spec", list).forEach(container -> names.add(Json.text(container, "name")));
        }
        int count = Json.at(pod, "spec", "containers").size();
        String container = query.getOrDefault("container", "");
        if (container.isEmpty()) {
            if (count != 1) {
                throw ApiRefusal.badRequest(
                        "a container name must be specified for pod " + Json.name(pod) + ", choose one of: " + names);
            }
            container = names.get(0);
        } else if (!names.contains(container)) {
            throw ApiRefusal.badRequest("container " + container + " is not valid for pod " + Json.name(pod));
        }
        boolean previous = "true".equals(query.get("previous"));
        JsonNode status = status(pod, container);
        if (previous && Json.at(status, "lastState", "terminated").isMissingNode()) {
            throw ApiRefusal.badRequest(
                    "previous terminated container \"" + container + "\" in pod \"" + Json.name(pod) + "\" not found");
        }
        String waiting = Json.text(status, "state", "waiting", "reason");
        boolean neverRan = Json.at(status, "lastState", "terminated").isMissingNode()
                && (!waiting.isEmpty() || status.isMissingNode());
        if (neverRan && !waiting.equals("PodInitializing")) {
            String why = waiting.isEmpty() || waiting.equals("ContainerCreating")
                    ? "is waiting to start: ContainerCreating"
                    : "is waiting to start: " + waitingWords(waiting);
            throw ApiRefusal.badRequest("container \"" + container + "\" in pod \"" + Json.name(pod) + "\" " + why);
        }
        return new Request(
                container,
                previous,
                "true".equals(query.get("follow")),
                ApiServer.number(query.get("tailLines"), -1),
                "true".equals(query.get("timestamps")),
                since(query));
    }

    private static Instant since(Map<String, String> query) {
        try {
            long seconds = ApiServer.number(query.get("sinceSeconds"), -1);
            return seconds >= 0
                    ? Instant.now().minusSeconds(seconds)
                    : Instant.parse(query.getOrDefault("sinceTime", Instant.EPOCH.toString()));
        } catch (DateTimeException e) {
            throw ApiRefusal.badRequest("sinceTime: " + e.getMessage());
        }
    }

    /** Writes the log; with {@code follow} until the container or the pod has ended. */
    void write(ObjectKey key, Request request, OutputStream out) throws IOException, InterruptedException {
        // Read before the pod: a change in between is then seen at once, not missed.
        long version = store.version();
        ObjectNode pod = store.find(key);
        if (pod == null) {
            return;
        }
        List<String> lines = lines(pod, request);
        long quietSince = System.nanoTime();
        int written = request.tail() < 0 ? 0 : (int) Math.max(0, lines.size() - request.tail());
        while (true) {
            for (; written < lines.size(); written++) {
                quietSince = System.nanoTime();
                out.write((lines.get(written) + "\n").getBytes(StandardCharsets.UTF_8));
            }
            out.flush();
            if (!request.follow()
                    || ended(pod, request.container())
                    || System.nanoTime() - quietSince > LONGEST_SILENCE_NANOS
                    || store.log().isClosed()) {
                return;
            }
            store.log().await(version, LOOK_AGAIN_MILLISECONDS);
            version = store.version();
            ObjectNode now = store.find(key);
            if (now == null || !Json.uid(now).equals(Json.uid(pod))) {
                return;
            }
            pod = now;
            List<String> current = lines(pod, request);
            // A restarted container begins its log anew.
            written = current.size() < written ? 0 : written;
            lines = current;
        }
    }

    private static boolean ended(ObjectNode pod, String container) {
        return Set.of("Succeeded", "Failed").contains(Json.text(pod, "status", "phase"))
                || !Json.at(status(pod, container), "state", "terminated").isMissingNode();
    }

    private static List<String> lines(ObjectNode pod, Request request) {
        JsonNode status = status(pod, request.container());
        JsonNode state = status.path("state");
        JsonNode last = Json.at(status, "lastState", "terminated");
        boolean fromLast = request.previous() || (state.has("waiting") && !last.isMissingNode());
        JsonNode ended = fromLast ? last : state.path("terminated");
        String started =
                ended.isMissingNode() ? Json.text(state, "running", "startedAt") : Json.text(ended, "startedAt");
        if (started.isEmpty()) {
            return List.of();
        }
        List<String> lines = new ArrayList<>();
        add(
                lines,
                request,
                started,
                "[simulated] container " + request.container() + " of image " + Json.text(status, "image")
                        + " started; pods are not run in a simulated cluster");
        String text = Simulation.setting(pod, Simulation.LOG);
        if (!text.isEmpty()) {
            text.lines().forEach(line -> add(lines, request, started, line));
        }
        if (!ended.isMissingNode()) {
            add(
                    lines,
                    request,
                    Json.text(ended, "finishedAt"),
                    "[simulated] container " + request.container() + " ended with exit code "
                            + Json.text(ended, "exitCode"));
        } else if (status.path("ready").asBoolean(false)) {
            add(lines, request, started, "[simulated] container " + request.container() + " is ready");
        }
        return lines;
    }

    private static void add(List<String> lines, Request request, String time, String line) {
        if (!time.isEmpty() && Instant.parse(time).isBefore(request.since())) {
            return;
        }
        lines.add(request.timestamps() ? time + " " + line : line);
    }

    private static String waitingWords(String reason) {
        return switch (reason) {
            case "ErrImagePull" -> "image can't be pulled";
            case "ImagePullBackOff" -> "trying and failing to pull image";
            default -> reason;
        };
    }

    private static JsonNode status(ObjectNode pod, String container) {
        for (String list : new String[] {"containerStatuses", "initContainerStatuses"}) {
            for (JsonNode status : Json.at(pod, "status", list)) {
                if (Json.text(status, "name").equals(container)) {
                    return status;
                }
            }
        }
        return Json.object().path("none");
    }
}
