package dev.slipway.web.embedded.kubernetes;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The defaults the API server fills in, as far as they show when live objects are compared with a rendering. Safe to repeat. */
final class Defaults {
    private Defaults() {}

    static void apply(ResourceType type, ObjectNode object) {
        if (type.custom()) {
            return;
        }
        ObjectNode spec = object.get("spec") instanceof ObjectNode found ? found : Json.object();
        switch (type.kind()) {
            case "Pod" -> podSpec(spec);
            case "Deployment" -> deployment(spec);
            case "ReplicaSet" -> {
                Json.putDefault(spec, "replicas", 1);
                template(spec);
            }
            case "StatefulSet" -> statefulSet(spec);
            case "DaemonSet" -> daemonSet(spec);
            case "Job" -> job(spec);
            case "CronJob" -> cronJob(spec);
            case "Service" -> service(spec);
            case "Secret" -> secret(object);
            case "PersistentVolumeClaim" -> claim(spec);
            case "NetworkPolicy" -> networkPolicy(spec);
            case "Role", "ClusterRole" -> object.path("rules");
            case "StorageClass" -> {
                Json.putDefault(object, "reclaimPolicy", "Delete");
                Json.putDefault(object, "volumeBindingMode", "Immediate");
            }
            case "HorizontalPodAutoscaler" -> Json.putDefault(spec, "minReplicas", 1);
            default -> {}
        }
    }

    private static void deployment(ObjectNode spec) {
        Json.putDefault(spec, "replicas", 1);
        Json.putDefault(spec, "revisionHistoryLimit", 10);
        Json.putDefault(spec, "progressDeadlineSeconds", 600);
        ObjectNode strategy = Json.child(spec, "strategy");
        Json.putDefault(strategy, "type", "RollingUpdate");
        if ("RollingUpdate".equals(Json.text(strategy, "type"))) {
            ObjectNode rolling = Json.child(strategy, "rollingUpdate");
            Json.putDefault(rolling, "maxSurge", "25%");
            Json.putDefault(rolling, "maxUnavailable", "25%");
        }
        template(spec);
    }

    private static void statefulSet(ObjectNode spec) {
        Json.putDefault(spec, "replicas", 1);
        Json.putDefault(spec, "revisionHistoryLimit", 10);
        Json.putDefault(spec, "podManagementPolicy", "OrderedReady");
        Json.putDefault(spec, "serviceName", "");
        ObjectNode strategy = Json.child(spec, "updateStrategy");
        Json.putDefault(strategy, "type", "RollingUpdate");
        if ("RollingUpdate".equals(Json.text(strategy, "type"))) {
            Json.putDefault(Json.child(strategy, "rollingUpdate"), "partition", 0);
        }
        ObjectNode retention = Json.child(spec, "persistentVolumeClaimRetentionPolicy");
        Json.putDefault(retention, "whenDeleted", "Retain");
        Json.putDefault(retention, "whenScaled", "Retain");
        for (JsonNode claim : spec.path("volumeClaimTemplates")) {
            ObjectNode template = (ObjectNode) claim;
            Json.putDefault(template, "apiVersion", "v1");
            Json.putDefault(template, "kind", "PersistentVolumeClaim");
            claim(Json.child(template, "spec"));
            Json.child(template, "status").put("phase", "Pending");
        }
        template(spec);
    }

    private static void daemonSet(ObjectNode spec) {
        Json.putDefault(spec, "revisionHistoryLimit", 10);
        ObjectNode strategy = Json.child(spec, "updateStrategy");
        Json.putDefault(strategy, "type", "RollingUpdate");
        if ("RollingUpdate".equals(Json.text(strategy, "type"))) {
            ObjectNode rolling = Json.child(strategy, "rollingUpdate");
            Json.putDefault(rolling, "maxSurge", 0);
            Json.putDefault(rolling, "maxUnavailable", 1);
        }
        template(spec);
    }

    private static void job(ObjectNode spec) {
        Json.putDefault(spec, "parallelism", 1);
        Json.putDefault(spec, "completions", 1);
        Json.putDefault(spec, "backoffLimit", 6);
        Json.putDefault(spec, "completionMode", "NonIndexed");
        Json.putDefault(spec, "podReplacementPolicy", "TerminatingOrFailed");
        if (!spec.has("suspend")) {
            spec.put("suspend", false);
        }
        template(spec);
    }

    private static void cronJob(ObjectNode spec) {
        Json.putDefault(spec, "concurrencyPolicy", "Allow");
        Json.putDefault(spec, "successfulJobsHistoryLimit", 3);
        Json.putDefault(spec, "failedJobsHistoryLimit", 1);
        if (!spec.has("suspend")) {
            spec.put("suspend", false);
        }
        if (Json.at(spec, "jobTemplate", "spec") instanceof ObjectNode job) {
            template(job);
        }
    }

    private static void service(ObjectNode spec) {
        Json.putDefault(spec, "type", "ClusterIP");
        Json.putDefault(spec, "sessionAffinity", "None");
        if (!"ExternalName".equals(Json.text(spec, "type"))) {
            Json.putDefault(spec, "internalTrafficPolicy", "Cluster");
            Json.putDefault(spec, "ipFamilyPolicy", "SingleStack");
            if (!spec.has("ipFamilies")) {
                spec.putArray("ipFamilies").add("IPv4");
            }
        }
        for (JsonNode port : spec.path("ports")) {
            ObjectNode entry = (ObjectNode) port;
            Json.putDefault(entry, "protocol", "TCP");
            if (!entry.has("targetPort") && entry.has("port")) {
                entry.set("targetPort", entry.get("port"));
            }
        }
    }

    private static void secret(ObjectNode secret) {
        Json.putDefault(secret, "type", "Opaque");
        if (secret.remove("stringData") instanceof ObjectNode plain) {
            ObjectNode data = Json.child(secret, "data");
            plain.properties()
                    .forEach(entry -> data.put(
                            entry.getKey(),
                            Base64.getEncoder()
                                    .encodeToString(
                                            entry.getValue().asString("").getBytes(StandardCharsets.UTF_8))));
        }
    }

    private static void claim(ObjectNode spec) {
        Json.putDefault(spec, "volumeMode", "Filesystem");
        resources(spec.path("resources"));
    }

    private static void networkPolicy(ObjectNode spec) {
        if (!spec.has("policyTypes")) {
            ArrayNode types = spec.putArray("policyTypes").add("Ingress");
            if (spec.has("egress")) {
                types.add("Egress");
            }
        }
    }

    private static void template(ObjectNode spec) {
        if (spec.get("template") instanceof ObjectNode template) {
            if (template.path("metadata") instanceof ObjectNode metadata
                    && metadata.path("creationTimestamp").isNull()) {
                metadata.remove("creationTimestamp");
            }
            podSpec(Json.child(template, "spec"));
        }
    }

    static void podSpec(ObjectNode spec) {
        Json.putDefault(spec, "restartPolicy", "Always");
        Json.putDefault(spec, "terminationGracePeriodSeconds", 30);
        Json.putDefault(spec, "dnsPolicy", "ClusterFirst");
        Json.putDefault(spec, "schedulerName", "default-scheduler");
        Json.child(spec, "securityContext");
        if (spec.has("serviceAccountName")) {
            spec.set("serviceAccount", spec.get("serviceAccountName"));
        }
        spec.path("initContainers").forEach(Defaults::container);
        spec.path("containers").forEach(Defaults::container);
        spec.path("volumes").forEach(Defaults::volume);
    }

    private static void container(JsonNode node) {
        if (!(node instanceof ObjectNode container)) {
            return;
        }
        Json.putDefault(container, "terminationMessagePath", "/dev/termination-log");
        Json.putDefault(container, "terminationMessagePolicy", "File");
        Json.putDefault(container, "imagePullPolicy", pullPolicy(Json.text(container, "image")));
        Json.child(container, "resources");
        resources(container.path("resources"));
        for (JsonNode port : container.path("ports")) {
            Json.putDefault((ObjectNode) port, "protocol", "TCP");
        }
        for (JsonNode variable : container.path("env")) {
            if (Json.at(variable, "valueFrom", "fieldRef") instanceof ObjectNode reference) {
                Json.putDefault(reference, "apiVersion", "v1");
            }
            // An empty value is the same as none: omitted from what the server answers.
            if (variable instanceof ObjectNode entry
                    && entry.has("value")
                    && Json.text(entry, "value").isEmpty()) {
                entry.remove("value");
            }
        }
        for (String probe : new String[] {"readinessProbe", "livenessProbe", "startupProbe"}) {
            if (container.get(probe) instanceof ObjectNode found) {
                probe(found);
            }
        }
    }

    private static void probe(ObjectNode probe) {
        Json.putDefault(probe, "timeoutSeconds", 1);
        Json.putDefault(probe, "periodSeconds", 10);
        Json.putDefault(probe, "successThreshold", 1);
        Json.putDefault(probe, "failureThreshold", 3);
        if (probe.get("httpGet") instanceof ObjectNode get) {
            Json.putDefault(get, "path", "/");
            Json.putDefault(get, "scheme", "HTTP");
        }
        if (probe.get("grpc") instanceof ObjectNode grpc) {
            Json.putDefault(grpc, "service", "");
        }
    }

    private static void volume(JsonNode volume) {
        for (String source : new String[] {"secret", "configMap", "downwardAPI", "projected"}) {
            if (volume.get(source) instanceof ObjectNode found) {
                Json.putDefault(found, "defaultMode", 420);
            }
        }
        if (volume.get("hostPath") instanceof ObjectNode path) {
            Json.putDefault(path, "type", "");
        }
        if (volume.get("emptyDir") instanceof ObjectNode directory) {
            canonical(directory, "sizeLimit");
        }
    }

    private static void resources(JsonNode resources) {
        for (String list : new String[] {"limits", "requests"}) {
            if (resources.get(list) instanceof ObjectNode quantities) {
                quantities.propertyNames().stream().toList().forEach(name -> canonical(quantities, name));
            }
        }
        // A limit without a request is the request, too.
        if (resources instanceof ObjectNode all
                && all.get("limits") instanceof ObjectNode limits
                && !limits.isEmpty()) {
            ObjectNode requests = Json.child(all, "requests");
            limits.properties().forEach(entry -> {
                if (!requests.has(entry.getKey())) {
                    requests.set(entry.getKey(), entry.getValue());
                }
            });
        }
    }

    private static void canonical(ObjectNode holder, String name) {
        String text = Json.text(holder, name);
        @Nullable String canonical = text.isEmpty() ? null : Quantity.canonical(text);
        if (canonical != null) {
            holder.put(name, canonical);
        }
    }

    private static String pullPolicy(String image) {
        if (image.contains("@")) {
            return "IfNotPresent";
        }
        String last = image.substring(image.lastIndexOf('/') + 1);
        return !last.contains(":") || last.endsWith(":latest") ? "Always" : "IfNotPresent";
    }
}
