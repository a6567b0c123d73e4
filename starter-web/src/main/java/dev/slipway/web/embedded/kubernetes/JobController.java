package dev.slipway.web.embedded.kubernetes;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Jobs: pods until enough have succeeded, or too many have failed, or the time is over. A failed pod is followed by
 * the next at once; a real cluster waits 10 s and longer.
 */
final class JobController implements Controller {
    private final ClusterApi api;
    private final EventRecorder events;
    private final Timers timers;

    JobController(ClusterApi api, EventRecorder events, Timers timers) {
        this.api = api;
        this.events = events;
        this.timers = timers;
    }

    private record Tally(int active, int ready, int succeeded, int failed, int restarts) {}

    @Override
    public void reconcile(ObjectKey key) {
        ObjectNode job = api.store().find(key);
        if (job == null || Json.terminating(job)) {
            return;
        }
        if (Json.conditionTrue(job, "Complete") || Json.conditionTrue(job, "Failed")) {
            expire(key, job);
            return;
        }
        JsonNode spec = job.path("spec");
        Tally tally = tally(job);
        int completions = Json.number(spec, 1, "completions");
        if (tally.succeeded >= completions) {
            finish(key, job, tally, true, "CompletionsReached", "Reached expected number of succeeded pods");
        } else if (tally.failed + tally.restarts > Json.number(spec, 6, "backoffLimit")) {
            finish(key, job, tally, false, "BackoffLimitExceeded", "Job has reached the specified backoff limit");
        } else if (late(key, job)) {
            finish(key, job, tally, false, "DeadlineExceeded", "Job was active longer than specified deadline");
        } else if (spec.path("suspend").asBoolean(false)) {
            stop(key, job);
            status(key, job, tally(job), "Suspended", true, "JobSuspended", "Job suspended");
        } else {
            start(key, job, tally, completions);
            status(key, job, tally(job), "", true, "", "");
        }
    }

    private Tally tally(ObjectNode job) {
        int active = 0;
        int ready = 0;
        int succeeded = 0;
        int failed = 0;
        int restarts = 0;
        for (ObjectNode pod : api.store().owned(Json.uid(job), ResourceTypes.POD)) {
            String phase = Json.text(pod, "status", "phase");
            if (phase.equals("Succeeded")) {
                succeeded++;
            } else if (phase.equals("Failed")) {
                failed++;
            } else if (!Json.terminating(pod)) {
                active++;
                ready += Workloads.ready(pod) ? 1 : 0;
                for (JsonNode status : Json.at(pod, "status", "containerStatuses")) {
                    restarts += Json.number(status, 0, "restartCount");
                }
            }
        }
        return new Tally(active, ready, succeeded, failed, restarts);
    }

    private void start(ObjectKey key, ObjectNode job, Tally tally, int completions) {
        int wanted = Math.min(Json.number(job, 1, "spec", "parallelism"), completions - tally.succeeded);
        if (tally.active >= wanted) {
            return;
        }
        for (int i = tally.active; i < wanted; i++) {
            ObjectNode pod = Workloads.pod(job, Json.at(job, "spec", "template"));
            Json.metadata(pod).put("generateName", key.name() + "-");
            ObjectNode created = api.create(ResourceTypes.POD, key.namespace(), pod, Workloads.CONTROLLER);
            events.normal(job, "job-controller", "SuccessfulCreate", "Created pod: " + Json.name(created));
        }
    }

    private boolean late(ObjectKey key, ObjectNode job) {
        int seconds = Json.number(job, 0, "spec", "activeDeadlineSeconds");
        String since = Json.text(job, "status", "startTime");
        if (seconds == 0 || since.isEmpty()) {
            return false;
        }
        Duration rest = Duration.between(Instant.now(), Instant.parse(since).plusSeconds(seconds));
        if (rest.isNegative() || rest.isZero()) {
            return true;
        }
        timers.again(key, rest);
        return false;
    }

    private void finish(ObjectKey key, ObjectNode job, Tally tally, boolean done, String reason, String message) {
        stop(key, job);
        Tally last = new Tally(0, 0, tally.succeeded, done ? tally.failed : tally.failed + tally.active, 0);
        status(key, job, last, done ? "Complete" : "Failed", true, reason, message);
        if (done) {
            events.normal(job, "job-controller", "Completed", "Job completed");
        } else {
            events.warning(job, "job-controller", reason, message);
        }
        expire(key, api.get(key));
    }

    private void stop(ObjectKey key, ObjectNode job) {
        for (ObjectNode pod : Workloads.activePods(api.store(), job)) {
            if (!Workloads.finished(pod)) {
                api.delete(key.sibling(ResourceTypes.POD, Json.name(pod)), DeleteOptions.BACKGROUND);
            }
        }
    }

    private void expire(ObjectKey key, ObjectNode job) {
        JsonNode ttl = Json.at(job, "spec", "ttlSecondsAfterFinished");
        if (ttl.isMissingNode()) {
            return;
        }
        String type = Json.conditionTrue(job, "Complete") ? "Complete" : "Failed";
        String since = Json.text(Json.condition(job, type), "lastTransitionTime");
        Duration rest = Duration.between(Instant.now(), Instant.parse(since).plusSeconds(ttl.asInt(0)));
        if (rest.isNegative() || rest.isZero()) {
            api.delete(key, DeleteOptions.BACKGROUND);
        } else {
            timers.again(key, rest);
        }
    }

    private void status(
            ObjectKey key,
            ObjectNode job,
            Tally tally,
            String condition,
            boolean value,
            String reason,
            String message) {
        List<String> pair = switch (condition) {
            case "Complete" -> List.of("SuccessCriteriaMet", "Complete");
            case "Failed" -> List.of("FailureTarget", "Failed");
            case "" -> List.<String>of();
            default -> List.of(condition);
        };
        boolean resumed = condition.isEmpty() && Json.conditionTrue(job, "Suspended");
        api.change(key, Workloads.CONTROLLER.onStatus(), live -> {
            ObjectNode changed = live.deepCopy();
            ObjectNode status = Json.child(changed, "status");
            if (!condition.equals("Suspended")) {
                Json.putDefault(status, "startTime", Json.now());
            }
            Workloads.count(status, "active", tally.active);
            Workloads.count(status, "succeeded", tally.succeeded);
            Workloads.count(status, "failed", tally.failed);
            status.put("ready", tally.ready).put("terminating", 0);
            Json.child(status, "uncountedTerminatedPods");
            for (String type : pair) {
                Workloads.condition(status, type, value, reason, message, false);
            }
            if (resumed) {
                Workloads.condition(status, "Suspended", false, "JobResumed", "Job resumed", false);
            }
            if (condition.equals("Complete")) {
                status.put("completionTime", Json.now());
            }
            return changed;
        });
    }
}
