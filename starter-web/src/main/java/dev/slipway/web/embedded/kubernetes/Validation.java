package dev.slipway.web.embedded.kubernetes;

import dev.slipway.web.embedded.kubernetes.ApiRefusal.Cause;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What the API server refuses as invalid (422), in its words: names, labels, required and immutable fields. */
final class Validation {
    private static final Pattern LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?");
    private static final Pattern SERVICE_LABEL = Pattern.compile("[a-z]([-a-z0-9]*[a-z0-9])?");
    private static final Pattern SUBDOMAIN =
            Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");
    private static final Pattern PATH_SEGMENT = Pattern.compile("(?!\\.{1,2}$)[^/%]+");
    private static final Pattern QUALIFIED_NAME =
            Pattern.compile("([a-z0-9]([-a-z0-9.]*[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?");
    private static final Pattern LABEL_VALUE = Pattern.compile("([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?");
    private static final Pattern DATA_KEY = Pattern.compile("[-._a-zA-Z0-9]{1,253}");
    private static final String SUBDOMAIN_RULE = "a lowercase RFC 1123 subdomain must consist of lower case "
            + "alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. "
            + "'example.com', regex used for validation is "
            + "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
    private static final String LABEL_RULE = "a lowercase RFC 1123 label must consist of lower case alphanumeric "
            + "characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or "
            + "'123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";

    private final ResourceType type;
    private final List<Cause> causes = new ArrayList<>();

    private Validation(ResourceType type) {
        this.type = type;
    }

    /**
     * Checks an object that is about to be stored.
     *
     * @param before null for a new object
     * @throws ApiRefusal 422 with every cause
     */
    static void check(ResourceType type, @Nullable ObjectNode before, ObjectNode after) {
        Validation validation = new Validation(type);
        if (before == null) {
            validation.name(Json.name(after));
        }
        validation.labels(Json.at(after, "metadata", "labels"), "metadata.labels");
        if (!type.custom()) {
            validation.content(after);
            if (before != null) {
                validation.unchanged(before, after);
            }
        }
        if (!validation.causes.isEmpty()) {
            throw ApiRefusal.invalid(type, Json.name(after), validation.causes);
        }
    }

    private void name(String name) {
        switch (type.kind()) {
            case "Namespace" -> matches(name, LABEL, 63, "metadata.name", LABEL_RULE);
            case "Service" ->
                matches(
                        name,
                        SERVICE_LABEL,
                        63,
                        "metadata.name",
                        "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an "
                                + "alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or "
                                + "'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')");
            case "Role", "RoleBinding", "ClusterRole", "ClusterRoleBinding" ->
                matches(name, PATH_SEGMENT, 253, "metadata.name", "may not contain '/' or '%'");
            default -> matches(name, SUBDOMAIN, 253, "metadata.name", SUBDOMAIN_RULE);
        }
    }

    private void matches(String value, Pattern pattern, int longest, String field, String rule) {
        if (value.isEmpty()) {
            required(field, "name or generateName is required");
        } else if (value.length() > longest) {
            invalid(field, value, "must be no more than " + longest + " characters");
        } else if (!pattern.matcher(value).matches()) {
            invalid(field, value, rule);
        }
    }

    private void labels(JsonNode labels, String field) {
        labels.properties().forEach(entry -> {
            if (!QUALIFIED_NAME.matcher(entry.getKey()).matches()) {
                invalid(
                        field,
                        entry.getKey(),
                        "name part must consist of alphanumeric characters, '-', '_' or '.', "
                                + "and must start and end with an alphanumeric character");
            }
            String value = entry.getValue().asString("");
            if (!LABEL_VALUE.matcher(value).matches()) {
                invalid(
                        field,
                        value,
                        value.length() > 63
                                ? "must be no more than 63 characters"
                                : "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or "
                                        + "'.', and must start and end with an alphanumeric character");
            }
        });
    }

    private void content(ObjectNode object) {
        JsonNode spec = object.path("spec");
        switch (type.kind()) {
            case "Pod" -> podSpec(spec, "spec", Json.array());
            case "Deployment", "ReplicaSet", "DaemonSet", "StatefulSet" -> {
                if (Json.number(spec, 0, "replicas") < 0) {
                    invalid("spec.replicas", spec.path("replicas"), "must be greater than or equal to 0");
                }
                selector(spec);
                template(spec);
            }
            case "Job" -> {
                template(spec);
                String policy = Json.text(spec, "template", "spec", "restartPolicy");
                if (policy.equals("Always")) {
                    causes.add(new Cause(
                            "FieldValueNotSupported",
                            "Unsupported value: \"Always\": supported values: \"OnFailure\", \"Never\"",
                            "spec.template.spec.restartPolicy"));
                }
            }
            case "CronJob" -> cronJob(spec);
            case "Ingress" -> ingress(spec);
            case "HorizontalPodAutoscaler" -> autoscaler(spec);
            case "PodDisruptionBudget" -> {
                if (spec.has("minAvailable") && spec.has("maxUnavailable")) {
                    invalid("spec", spec, "minAvailable and maxUnavailable cannot be both set");
                }
            }
            case "EndpointSlice" -> endpoints(object);
            case "Service" -> service(spec);
            case "ConfigMap", "Secret" ->
                object.path("data").propertyNames().forEach(key -> {
                    if (!DATA_KEY.matcher(key).matches()) {
                        invalid(
                                "data[" + key + "]",
                                key,
                                "a valid config key must consist of alphanumeric characters, " + "'-', '_' or '.'");
                    }
                });
            case "PersistentVolumeClaim" -> {
                if (spec.path("accessModes").isEmpty()) {
                    required("spec.accessModes", "at least 1 access mode is required");
                }
                if (Json.text(spec, "resources", "requests", "storage").isEmpty()) {
                    required("spec.resources[storage]", "");
                }
            }
            default -> {}
        }
    }

    private void selector(JsonNode spec) {
        JsonNode selector = spec.path("selector");
        if (selector.isEmpty()) {
            required("spec.selector", "");
        } else if (!Selector.ofLabelSelector(selector).test(Json.at(spec, "template", "metadata", "labels"))) {
            invalid(
                    "spec.template.metadata.labels",
                    Json.at(spec, "template", "metadata", "labels"),
                    "`selector` does not match template `labels`");
        }
    }

    private void template(JsonNode spec) {
        labels(Json.at(spec, "template", "metadata", "labels"), "spec.template.labels");
        podSpec(Json.at(spec, "template", "spec"), "spec.template.spec", spec.path("volumeClaimTemplates"));
    }

    private void podSpec(JsonNode spec, String field, JsonNode claimTemplates) {
        if (spec.path("containers").isEmpty()) {
            required(field + ".containers", "");
        }
        Set<String> volumes = new HashSet<>();
        int index = 0;
        for (JsonNode volume : spec.path("volumes")) {
            String name = Json.text(volume, "name");
            matches(name, LABEL, 63, field + ".volumes[" + index + "].name", LABEL_RULE);
            if (!volumes.add(name)) {
                duplicate(field + ".volumes[" + index + "].name", name);
            }
            index++;
        }
        claimTemplates.forEach(claim -> volumes.add(Json.name(claim)));
        Set<String> names = new HashSet<>();
        containers(spec.path("initContainers"), field + ".initContainers", names, volumes);
        containers(spec.path("containers"), field + ".containers", names, volumes);
    }

    private void containers(JsonNode containers, String field, Set<String> names, Set<String> volumes) {
        int index = 0;
        for (JsonNode container : containers) {
            String at = field + "[" + index++ + "]";
            String name = Json.text(container, "name");
            matches(name, LABEL, 63, at + ".name", LABEL_RULE);
            if (!names.add(name)) {
                duplicate(at + ".name", name);
            }
            if (Json.text(container, "image").isEmpty()) {
                required(at + ".image", "");
            }
            int mount = 0;
            for (JsonNode entry : container.path("volumeMounts")) {
                if (!volumes.contains(Json.text(entry, "name"))) {
                    causes.add(new Cause(
                            "FieldValueNotFound",
                            "Not found: \"" + Json.text(entry, "name") + "\"",
                            at + ".volumeMounts[" + mount + "].name"));
                }
                mount++;
            }
            ports(container.path("ports"), at + ".ports", "containerPort");
            quantities(container, at);
        }
    }

    private void quantities(JsonNode container, String at) {
        for (String list : List.of("limits", "requests")) {
            Json.at(container, "resources", list).properties().forEach(entry -> {
                if (Quantity.canonical(entry.getValue().asString("")) == null) {
                    invalid(
                            at + ".resources." + list + "[" + entry.getKey() + "]",
                            entry.getValue(),
                            "quantities must "
                                    + "match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'");
                }
            });
        }
    }

    private void ports(JsonNode ports, String field, String name) {
        int index = 0;
        for (JsonNode port : ports) {
            int number = Json.number(port, 0, name);
            if (number < 1 || number > 65535) {
                invalid(field + "[" + index + "]." + name, port.path(name), "must be between 1 and 65535, inclusive");
            }
            index++;
        }
    }

    private void cronJob(JsonNode spec) {
        String schedule = Json.text(spec, "schedule");
        if (schedule.isEmpty()) {
            required("spec.schedule", "");
        } else if (!schedule.startsWith("@") && schedule.strip().split("\\s+").length != 5) {
            invalid(
                    "spec.schedule",
                    schedule,
                    "expected exactly 5 fields, found " + schedule.strip().split("\\s+").length + ": [" + schedule
                            + "]");
        }
        supported("spec.concurrencyPolicy", Json.text(spec, "concurrencyPolicy"), "Allow", "Forbid", "Replace");
        JsonNode job = Json.at(spec, "jobTemplate", "spec");
        podSpec(Json.at(job, "template", "spec"), "spec.jobTemplate.spec.template.spec", Json.array());
        supported(
                "spec.jobTemplate.spec.template.spec.restartPolicy",
                Json.text(job, "template", "spec", "restartPolicy"),
                "OnFailure",
                "Never");
    }

    private void ingress(JsonNode spec) {
        if (spec.path("rules").isEmpty() && !spec.has("defaultBackend")) {
            invalid("spec", spec, "either `defaultBackend` or `rules` must be specified");
        }
        int index = 0;
        for (JsonNode rule : spec.path("rules")) {
            String at = "spec.rules[" + index++ + "]";
            String host = Json.text(rule, "host");
            if (!host.isEmpty()) {
                matches(host.startsWith("*.") ? host.substring(2) : host, SUBDOMAIN, 253, at + ".host", SUBDOMAIN_RULE);
            }
            int number = 0;
            for (JsonNode path : Json.at(rule, "http", "paths")) {
                String below = at + ".http.paths[" + number++ + "]";
                if (Json.text(path, "pathType").isEmpty()) {
                    required(below + ".pathType", "pathType must be specified");
                } else if (!Json.text(path, "path").startsWith("/")) {
                    invalid(below + ".path", Json.text(path, "path"), "must be an absolute path");
                }
                JsonNode service = Json.at(path, "backend", "service");
                if (Json.text(service, "name").isEmpty()) {
                    required(below + ".backend.service.name", "");
                } else if (Json.at(service, "port").isEmpty()) {
                    required(below + ".backend", "port name or number is required");
                }
            }
        }
    }

    private void autoscaler(JsonNode spec) {
        int most = Json.number(spec, 0, "maxReplicas");
        if (Json.number(spec, 1, "minReplicas") < 1) {
            invalid("spec.minReplicas", spec.path("minReplicas"), "must be greater than or equal to 1");
        }
        if (most < 1) {
            invalid("spec.maxReplicas", spec.path("maxReplicas"), "must be greater than 0");
        } else if (most < Json.number(spec, 1, "minReplicas")) {
            invalid("spec.maxReplicas", spec.path("maxReplicas"), "must be greater than or equal to `minReplicas`");
        }
        for (String field : List.of("kind", "name")) {
            if (Json.text(spec, "scaleTargetRef", field).isEmpty()) {
                required("spec.scaleTargetRef." + field, "");
            }
        }
    }

    private void endpoints(JsonNode slice) {
        if (Json.text(slice, "addressType").isEmpty()) {
            required("addressType", "");
        }
        int index = 0;
        for (JsonNode endpoint : slice.path("endpoints")) {
            String at = "endpoints[" + index++ + "].addresses";
            if (endpoint.path("addresses").isEmpty()) {
                required(at, "must contain at least 1 address");
            }
            int number = 0;
            for (JsonNode address : endpoint.path("addresses")) {
                String text = address.asString("");
                if (text.startsWith("127.")) {
                    invalid(at + "[" + number + "]", text, "may not be in the loopback range (127.0.0.0/8, ::1/128)");
                }
                number++;
            }
        }
    }

    private void supported(String field, String value, String... allowed) {
        if (!List.of(allowed).contains(value)) {
            causes.add(new Cause(
                    "FieldValueNotSupported",
                    "Unsupported value: \"" + value + "\": supported values: \"" + String.join("\", \"", allowed)
                            + "\"",
                    field));
        }
    }

    private void service(JsonNode spec) {
        JsonNode ports = spec.path("ports");
        if ("ExternalName".equals(Json.text(spec, "type"))) {
            matches(Json.text(spec, "externalName"), SUBDOMAIN, 253, "spec.externalName", SUBDOMAIN_RULE);
        }
        boolean headless = "None".equals(Json.text(spec, "clusterIP"));
        if (ports.isEmpty() && !headless && !"ExternalName".equals(Json.text(spec, "type"))) {
            required("spec.ports", "");
        }
        ports(ports, "spec.ports", "port");
        int index = 0;
        for (JsonNode port : ports) {
            if (ports.size() > 1 && Json.text(port, "name").isEmpty()) {
                required("spec.ports[" + index + "].name", "");
            }
            index++;
        }
    }

    private void unchanged(ObjectNode before, ObjectNode after) {
        JsonNode was = before.path("spec");
        JsonNode is = after.path("spec");
        switch (type.kind()) {
            case "Deployment", "ReplicaSet", "DaemonSet" -> immutable("spec.selector", was, is, "selector");
            case "Job" -> {
                immutable("spec.completions", was, is, "completions");
                immutable("spec.selector", was, is, "selector");
                immutable("spec.template", was, is, "template");
            }
            case "StatefulSet" -> {
                Set<String> free = Set.of(
                        "replicas",
                        "ordinals",
                        "template",
                        "updateStrategy",
                        "revisionHistoryLimit",
                        "persistentVolumeClaimRetentionPolicy",
                        "minReadySeconds");
                if (differsBeyond(was, is, free)) {
                    forbidden(
                            "spec",
                            "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', "
                                    + "'updateStrategy', 'revisionHistoryLimit', "
                                    + "'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden");
                }
            }
            case "PersistentVolumeClaim" -> {
                boolean binding = !was.has("volumeName") && is.has("volumeName");
                if (!binding && differsBeyond(was, is, Set.of("resources", "volumeAttributesClassName"))) {
                    forbidden(
                            "spec",
                            "spec is immutable after creation except resources.requests and "
                                    + "volumeAttributesClassName for bound claims");
                }
                if (amount(is).compareTo(amount(was)) < 0) {
                    forbidden("spec.resources.requests.storage", "field can not be less than status.capacity");
                }
            }
            case "Secret", "ConfigMap" -> {
                immutable("type", before, after, "type");
                if (before.path("immutable").asBoolean(false)) {
                    frozen(before, after);
                }
            }
            case "EndpointSlice" -> immutable("addressType", before, after, "addressType");
            case "Service" -> {
                if (!Json.text(was, "clusterIP").equals(Json.text(is, "clusterIP"))
                        && !"ExternalName".equals(Json.text(is, "type"))
                        && was.has("clusterIP")) {
                    invalid("spec.clusterIPs[0]", is.path("clusterIPs"), "may not change once set");
                }
            }
            case "Pod" -> pod(was, is);
            case "RoleBinding", "ClusterRoleBinding" -> {
                if (!before.path("roleRef").equals(after.path("roleRef"))) {
                    invalid("roleRef", after.path("roleRef"), "cannot change roleRef");
                }
            }
            default -> {}
        }
    }

    private static BigDecimal amount(JsonNode claimSpec) {
        String size = Json.text(claimSpec, "resources", "requests", "storage");
        return size.isEmpty()
                ? BigDecimal.ZERO
                : io.fabric8.kubernetes.api.model.Quantity.getAmountInBytes(
                        new io.fabric8.kubernetes.api.model.Quantity(size));
    }

    private void pod(JsonNode was, JsonNode is) {
        ObjectNode old = ((ObjectNode) was).deepCopy();
        ObjectNode now = ((ObjectNode) is).deepCopy();
        for (ObjectNode spec : List.of(old, now)) {
            spec.remove(List.of("activeDeadlineSeconds", "tolerations", "terminationGracePeriodSeconds"));
            spec.path("containers").forEach(container -> ((ObjectNode) container).remove("image"));
            spec.path("initContainers").forEach(container -> ((ObjectNode) container).remove("image"));
            if (!was.has("nodeName")) {
                spec.remove("nodeName");
            }
        }
        if (!old.equals(now)) {
            forbidden(
                    "spec",
                    "pod updates may not change fields other than `spec.containers[*].image`,"
                            + "`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only "
                            + "additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to "
                            + "be set to 1 if it was previously negative)");
        }
    }

    private void frozen(ObjectNode before, ObjectNode after) {
        if (!after.path("immutable").asBoolean(false)) {
            forbidden("immutable", "field is immutable when `immutable` is set");
        }
        for (String field : List.of("data", "binaryData")) {
            if (!before.path(field).equals(after.path(field))) {
                forbidden(field, "field is immutable when `immutable` is set");
            }
        }
    }

    private static boolean differsBeyond(JsonNode was, JsonNode is, Set<String> free) {
        ObjectNode old = ((ObjectNode) was).deepCopy();
        ObjectNode now = ((ObjectNode) is).deepCopy();
        old.remove(free);
        now.remove(free);
        return !old.equals(now);
    }

    private void immutable(String field, JsonNode was, JsonNode is, String name) {
        if (!was.path(name).equals(is.path(name))) {
            invalid(field, is.path(name), "field is immutable");
        }
    }

    private void invalid(String field, String value, String why) {
        causes.add(new Cause("FieldValueInvalid", "Invalid value: \"" + value + "\": " + why, field));
    }

    private void invalid(String field, JsonNode value, String why) {
        causes.add(new Cause("FieldValueInvalid", "Invalid value: " + value + ": " + why, field));
    }

    private void required(String field, String why) {
        causes.add(new Cause("FieldValueRequired", "Required value" + (why.isEmpty() ? "" : ": " + why), field));
    }

    private void forbidden(String field, String why) {
        causes.add(new Cause("FieldValueForbidden", "Forbidden: " + why, field));
    }

    private void duplicate(String field, String value) {
        causes.add(new Cause("FieldValueDuplicate", "Duplicate value: \"" + value + "\"", field));
    }
}
