package dev.slipway.web.embedded.kubernetes;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Deployments: one ReplicaSet per template, rolled over within maxSurge and maxUnavailable, or recreated. */
final class DeploymentController implements Controller {
    private static final String REVISION = "deployment.kubernetes.io/revision";
    private static final String HASH = "pod-template-hash";
    private static final String NAME = "deployment-controller";

    private final ClusterApi api;
    private final EventRecorder events;
    private final Timers timers;

    DeploymentController(ClusterApi api, EventRecorder events, Timers timers) {
        this.api = api;
        this.events = events;
        this.timers = timers;
    }

    @Override
    public void reconcile(ObjectKey key) {
        ObjectNode deployment = api.store().find(key);
        if (deployment == null || Json.terminating(deployment)) {
            return;
        }
        String hash = Workloads.hash(Json.at(deployment, "spec", "template"));
        List<ObjectNode> all = replicaSets(deployment);
        ObjectNode current = withHash(all, hash);
        boolean paused = Json.at(deployment, "spec", "paused").asBoolean(false);
        String created = "";
        if (current == null && !paused) {
            boolean wait = recreates(deployment) && !allGone(all);
            if (!wait) {
                current = create(deployment, key, hash, all);
                created = Json.name(current);
            }
        }
        if (current != null && !paused) {
            markRevision(key, deployment, current, all);
        }
        roll(deployment, current, replicaSets(deployment), paused);
        clean(deployment, current);
        status(key, created);
    }

    private List<ObjectNode> replicaSets(ObjectNode deployment) {
        return api.store().owned(Json.uid(deployment), ResourceTypes.REPLICA_SET).stream()
                .filter(set -> !Json.terminating(set))
                .toList();
    }

    private static @Nullable ObjectNode withHash(List<ObjectNode> sets, String hash) {
        for (ObjectNode set : sets) {
            if (hash.equals(Json.text(set, "metadata", "labels", HASH))) {
                return set;
            }
        }
        return null;
    }

    private static boolean recreates(ObjectNode deployment) {
        return "Recreate".equals(Json.text(deployment, "spec", "strategy", "type"));
    }

    private boolean allGone(List<ObjectNode> sets) {
        for (ObjectNode set : sets) {
            if (Json.number(set, 0, "spec", "replicas") > 0) {
                scale(set, 0);
            }
        }
        return sets.stream()
                .allMatch(set -> api.store().owned(Json.uid(set), ResourceTypes.POD).stream()
                        .allMatch(Workloads::finished));
    }

    private ObjectNode create(ObjectNode deployment, ObjectKey key, String hash, List<ObjectNode> others) {
        JsonNode spec = deployment.path("spec");
        ObjectNode set = Json.object();
        ObjectNode metadata = Json.metadata(set);
        metadata.put("name", key.name() + "-" + hash);
        ObjectNode template = (ObjectNode) spec.path("template").deepCopy();
        Json.child(Json.metadata(template), "labels").put(HASH, hash);
        metadata.set("labels", Json.metadata(template).path("labels").deepCopy());
        metadata.putArray("ownerReferences").add(Workloads.ownerReference(deployment));
        Json.child(metadata, "annotations")
                .put("deployment.kubernetes.io/desired-replicas", Json.text(spec, "replicas"))
                .put(REVISION, Integer.toString(latestRevision(others) + 1));
        ObjectNode target = set.putObject("spec");
        target.put("replicas", room(deployment, others));
        ObjectNode selector = (ObjectNode) spec.path("selector").deepCopy();
        Json.child(selector, "matchLabels").put(HASH, hash);
        target.set("selector", selector);
        target.set("template", template);
        if (spec.has("minReadySeconds")) {
            target.set("minReadySeconds", spec.path("minReadySeconds"));
        }
        ObjectNode created = api.create(ResourceTypes.REPLICA_SET, key.namespace(), set, Workloads.CONTROLLER);
        events.normal(
                deployment,
                NAME,
                "ScalingReplicaSet",
                "Scaled up replica set " + Json.name(created) + " from 0 to " + Json.text(target, "replicas"));
        return created;
    }

    private static int room(ObjectNode deployment, List<ObjectNode> sets) {
        int wanted = Json.number(deployment, 1, "spec", "replicas");
        int used = sets.stream()
                .mapToInt(set -> Json.number(set, 0, "spec", "replicas"))
                .sum();
        return Math.max(0, Math.min(wanted, wanted + maxSurge(deployment) - used));
    }

    private static int latestRevision(List<ObjectNode> sets) {
        return sets.stream().mapToInt(DeploymentController::revision).max().orElse(0);
    }

    private static int revision(ObjectNode object) {
        return Json.number(object, 0, "metadata", "annotations", REVISION);
    }

    private void markRevision(ObjectKey key, ObjectNode deployment, ObjectNode current, List<ObjectNode> all) {
        int latest = latestRevision(all.stream()
                .filter(set -> !Json.uid(set).equals(Json.uid(current)))
                .toList());
        int revision = Math.max(revision(current), latest + 1);
        if (revision(current) != revision) {
            annotate(keyOf(current), revision);
        }
        if (revision(deployment) != revision) {
            annotate(key, revision);
        }
    }

    private void annotate(ObjectKey key, int revision) {
        api.change(key, Workloads.CONTROLLER, object -> {
            ObjectNode changed = object.deepCopy();
            Json.child(Json.metadata(changed), "annotations").put(REVISION, Integer.toString(revision));
            return changed;
        });
    }

    private void roll(ObjectNode deployment, @Nullable ObjectNode current, List<ObjectNode> all, boolean paused) {
        int wanted = Json.number(deployment, 1, "spec", "replicas");
        if (current == null) {
            return;
        }
        List<ObjectNode> old = all.stream()
                .filter(set -> !Json.uid(set).equals(Json.uid(current)))
                .sorted(Comparator.comparingInt(DeploymentController::revision))
                .toList();
        ObjectNode live = api.store().find(keyOf(current));
        if (live == null) {
            return;
        }
        int now = Json.number(live, 0, "spec", "replicas");
        if (now > wanted) {
            scale(live, wanted);
            return;
        }
        if (now < wanted) {
            int target = recreates(deployment) ? wanted : Math.min(wanted, now + room(deployment, all));
            if (target > now) {
                scale(live, target);
                live = api.get(keyOf(live));
            }
        }
        if (!paused) {
            shrink(deployment, live, old);
        }
    }

    /** Takes old pods away as far as enough others are available; those that do not work go first. */
    private void shrink(ObjectNode deployment, ObjectNode current, List<ObjectNode> old) {
        int wanted = Json.number(deployment, 1, "spec", "replicas");
        int least = wanted - maxUnavailable(deployment);
        int specified = Json.number(current, 0, "spec", "replicas")
                + old.stream()
                        .mapToInt(set -> Json.number(set, 0, "spec", "replicas"))
                        .sum();
        int missing = Json.number(current, 0, "spec", "replicas") - available(current);
        int allowed = specified - least - missing;
        for (ObjectNode set : old) {
            int replicas = Json.number(set, 0, "spec", "replicas");
            int broken = Math.max(0, replicas - available(set));
            int cut = Math.min(broken, Math.max(0, allowed));
            if (cut > 0) {
                scale(set, replicas - cut);
                allowed -= cut;
            }
        }
        int spare = available(current)
                + old.stream().mapToInt(DeploymentController::available).sum()
                - least;
        for (ObjectNode stale : old) {
            ObjectNode set = api.store().find(keyOf(stale));
            int replicas = set == null ? 0 : Json.number(set, 0, "spec", "replicas");
            int cut = Math.min(replicas, Math.max(0, spare));
            if (set != null && cut > 0) {
                scale(set, replicas - cut);
                spare -= cut;
            }
        }
    }

    private static int available(ObjectNode set) {
        return Json.number(set, 0, "status", "availableReplicas");
    }

    private void scale(ObjectNode set, int replicas) {
        api.change(keyOf(set), Workloads.CONTROLLER, current -> {
            ObjectNode changed = current.deepCopy();
            Json.child(changed, "spec").put("replicas", replicas);
            return changed;
        });
    }

    private void clean(ObjectNode deployment, @Nullable ObjectNode current) {
        int kept = Json.number(deployment, 10, "spec", "revisionHistoryLimit");
        List<ObjectNode> idle = replicaSets(deployment).stream()
                .filter(set -> current == null || !Json.uid(set).equals(Json.uid(current)))
                .filter(set ->
                        Json.number(set, 0, "spec", "replicas") == 0 && Json.number(set, 0, "status", "replicas") == 0)
                .sorted(Comparator.comparingInt(DeploymentController::revision))
                .toList();
        for (int i = 0; i < idle.size() - kept; i++) {
            api.delete(keyOf(idle.get(i)), DeleteOptions.BACKGROUND);
        }
    }

    private void status(ObjectKey key, String created) {
        ObjectNode deployment = api.store().find(key);
        if (deployment == null) {
            return;
        }
        List<ObjectNode> all = replicaSets(deployment);
        ObjectNode current = withHash(all, Workloads.hash(Json.at(deployment, "spec", "template")));
        int wanted = Json.number(deployment, 1, "spec", "replicas");
        int replicas = sum(all, "replicas");
        int updated = current == null ? 0 : Json.number(current, 0, "status", "replicas");
        int available = sum(all, "availableReplicas");
        api.change(key, Workloads.CONTROLLER.onStatus(), live -> {
            ObjectNode changed = live.deepCopy();
            ObjectNode status = Json.child(changed, "status");
            boolean progressed = updated > Json.number(status, 0, "updatedReplicas")
                    || available > Json.number(status, 0, "availableReplicas")
                    || sum(all, "readyReplicas") > Json.number(status, 0, "readyReplicas");
            boolean known =
                    Json.number(status, -1, "observedGeneration") == Json.number(live, 0, "metadata", "generation");
            status.put("observedGeneration", Json.number(live, 1, "metadata", "generation"));
            Workloads.count(status, "replicas", replicas);
            Workloads.count(status, "updatedReplicas", updated);
            Workloads.count(status, "readyReplicas", sum(all, "readyReplicas"));
            Workloads.count(status, "availableReplicas", available);
            Workloads.count(status, "unavailableReplicas", Math.max(0, Math.max(wanted, replicas) - available));
            boolean enough = available >= wanted - maxUnavailable(live);
            Workloads.condition(
                    status,
                    "Available",
                    enough,
                    enough ? "MinimumReplicasAvailable" : "MinimumReplicasUnavailable",
                    enough ? "Deployment has minimum availability." : "Deployment does not have minimum availability.",
                    true);
            boolean complete = updated == wanted && replicas == wanted && available == wanted && current != null;
            progressing(key, changed, status, current, created, complete, progressed || !known);
            return changed;
        });
    }

    private void progressing(
            ObjectKey key,
            ObjectNode deployment,
            ObjectNode status,
            @Nullable ObjectNode current,
            String created,
            boolean complete,
            boolean progressed) {
        String set = current == null ? "" : Json.name(current);
        JsonNode before = Json.condition(deployment, "Progressing");
        String reason = Json.text(before, "reason");
        if (!created.isEmpty()) {
            touch(status);
            Workloads.condition(
                    status,
                    "Progressing",
                    true,
                    "NewReplicaSetCreated",
                    "Created new replica set \"" + created + "\"",
                    true);
        } else if (complete) {
            Workloads.condition(
                    status,
                    "Progressing",
                    true,
                    "NewReplicaSetAvailable",
                    "ReplicaSet \"" + set + "\" has successfully progressed.",
                    true);
        } else if (progressed || before.isMissingNode()) {
            if (progressed) {
                touch(status);
            }
            Workloads.condition(
                    status,
                    "Progressing",
                    true,
                    "ReplicaSetUpdated",
                    "ReplicaSet \"" + set + "\" is progressing.",
                    true);
        } else if (!reason.equals("NewReplicaSetAvailable") && !reason.equals("ProgressDeadlineExceeded")) {
            deadline(key, deployment, status, set);
        }
        if (!complete
                && !Json.text(Json.condition(deployment, "Progressing"), "reason")
                        .equals("ProgressDeadlineExceeded")) {
            timers.again(key, rest(deployment, status));
        }
    }

    private void deadline(ObjectKey key, ObjectNode deployment, ObjectNode status, String set) {
        if (!rest(deployment, status).isZero()) {
            return;
        }
        Workloads.condition(
                status,
                "Progressing",
                false,
                "ProgressDeadlineExceeded",
                "ReplicaSet \"" + set + "\" has timed out progressing.",
                true);
    }

    /** What is left of the progress deadline; zero when it is over. */
    private static Duration rest(ObjectNode deployment, ObjectNode status) {
        ObjectNode holder = Json.object();
        holder.set("status", status);
        String since = Json.text(Json.condition(holder, "Progressing"), "lastUpdateTime");
        int seconds = Json.number(deployment, 600, "spec", "progressDeadlineSeconds");
        Duration rest = since.isEmpty()
                ? Duration.ofSeconds(seconds)
                : Duration.between(Instant.now(), Instant.parse(since).plusSeconds(seconds));
        return rest.isNegative() ? Duration.ZERO : rest;
    }

    /** Progress was made: the deadline begins anew. */
    private static void touch(ObjectNode status) {
        for (JsonNode condition : status.path("conditions")) {
            if (Json.text(condition, "type").equals("Progressing")) {
                ((ObjectNode) condition).put("lastUpdateTime", Json.now());
            }
        }
    }

    private static int sum(List<ObjectNode> sets, String field) {
        return sets.stream()
                .mapToInt(set -> Json.number(set, 0, "status", field))
                .sum();
    }

    private static ObjectKey keyOf(ObjectNode set) {
        return new ObjectKey(ResourceTypes.REPLICA_SET, Json.namespace(set), Json.name(set));
    }

    private static int maxSurge(ObjectNode deployment) {
        return recreates(deployment) ? 0 : share(deployment, "maxSurge", true);
    }

    private static int maxUnavailable(ObjectNode deployment) {
        int wanted = Json.number(deployment, 1, "spec", "replicas");
        if (recreates(deployment)) {
            return 0;
        }
        int unavailable = share(deployment, "maxUnavailable", false);
        return Math.min(wanted, unavailable == 0 && maxSurge(deployment) == 0 ? 1 : unavailable);
    }

    private static int share(ObjectNode deployment, String field, boolean up) {
        int wanted = Json.number(deployment, 1, "spec", "replicas");
        String text = Json.text(deployment, "spec", "strategy", "rollingUpdate", field);
        if (!text.endsWith("%")) {
            return text.isEmpty() ? 0 : Integer.parseInt(text);
        }
        double exact = wanted * Integer.parseInt(text.substring(0, text.length() - 1)) / 100.0;
        return (int) (up ? Math.ceil(exact) : Math.floor(exact));
    }
}
