package dev.slipway.web.embedded.kubernetes;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A request the API server answers with a {@code Status} of kind Failure, in the words of the real one. */
final class ApiRefusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** One entry of {@code details.causes}. */
    record Cause(String reason, String message, String field) {}

    final int code;
    final String reason;
    private final transient @Nullable ResourceType type;
    private final String name;
    private final transient List<Cause> causes;

    private ApiRefusal(
            int code, String reason, String message, @Nullable ResourceType type, String name, List<Cause> causes) {
        super(message, null, false, false);
        this.code = code;
        this.reason = reason;
        this.type = type;
        this.name = name;
        this.causes = List.copyOf(causes);
    }

    static ApiRefusal notFound(ResourceType type, String name) {
        return new ApiRefusal(404, "NotFound", type.resource() + " \"" + name + "\" not found", type, name, List.of());
    }

    static ApiRefusal noSuchResource() {
        return new ApiRefusal(404, "NotFound", "the server could not find the requested resource", null, "", List.of());
    }

    static ApiRefusal alreadyExists(ResourceType type, String name) {
        return new ApiRefusal(
                409, "AlreadyExists", type.resource() + " \"" + name + "\" already exists", type, name, List.of());
    }

    static ApiRefusal modified(ResourceType type, String name) {
        String why = "the object has been modified; please apply your changes to the latest version and try again";
        return conflict(type, name, why);
    }

    static ApiRefusal conflict(ResourceType type, String name, String why) {
        String message = "Operation cannot be fulfilled on " + type.resource() + " \"" + name + "\": " + why;
        return new ApiRefusal(409, "Conflict", message, type, name, List.of());
    }

    static ApiRefusal applyConflict(String message, List<Cause> causes) {
        return new ApiRefusal(409, "Conflict", message, null, "", causes);
    }

    /** 403, as RBAC says it: no rule gives that right. */
    static ApiRefusal denied(ResourceType type, String name, String why) {
        String message = type.resource() + (name.isEmpty() ? "" : " \"" + name + "\"") + " is forbidden: " + why;
        return new ApiRefusal(403, "Forbidden", message, type, name, List.of());
    }

    static ApiRefusal forbidden(ResourceType type, String name, String why, List<Cause> causes) {
        String message = type.resource() + " \"" + name + "\" is forbidden: " + why;
        return new ApiRefusal(403, "Forbidden", message, type, name, causes);
    }

    /** 422 with every cause at once, worded as {@code Kind.group "name" is invalid: field: message}. */
    static ApiRefusal invalid(ResourceType type, String name, List<Cause> causes) {
        StringBuilder message = new StringBuilder(type.qualifiedKind() + " \"" + name + "\" is invalid: ");
        if (causes.size() == 1) {
            message.append(causes.get(0).field())
                    .append(": ")
                    .append(causes.get(0).message());
        } else {
            message.append('[');
            for (int i = 0; i < causes.size(); i++) {
                message.append(i == 0 ? "" : ", ");
                message.append(causes.get(i).field())
                        .append(": ")
                        .append(causes.get(i).message());
            }
            message.append(']');
        }
        return new ApiRefusal(422, "Invalid", message.toString(), type, name, causes);
    }

    static ApiRefusal unprocessable(String message) {
        return new ApiRefusal(422, "Invalid", message, null, "", List.of());
    }

    static ApiRefusal badRequest(String message) {
        return new ApiRefusal(400, "BadRequest", message, null, "", List.of());
    }

    static ApiRefusal expired(String message) {
        return new ApiRefusal(410, "Expired", message, null, "", List.of());
    }

    static ApiRefusal methodNotAllowed() {
        return new ApiRefusal(
                405,
                "MethodNotAllowed",
                "the server does not allow this method on the requested resource",
                null,
                "",
                List.of());
    }

    static ApiRefusal unsupportedMediaType(@Nullable String type) {
        String message = "the body of the request was in an unknown format - accepted media types include: "
                + "application/json-patch+json, application/merge-patch+json, "
                + "application/strategic-merge-patch+json, application/apply-patch+yaml; got " + type;
        return new ApiRefusal(415, "UnsupportedMediaType", message, null, "", List.of());
    }

    static ApiRefusal tooLarge(int limit) {
        return new ApiRefusal(413, "RequestEntityTooLarge", "limit is " + limit + " bytes", null, "", List.of());
    }

    /** The body of the answer. */
    ObjectNode status() {
        ObjectNode status = Json.object();
        status.put("kind", "Status").put("apiVersion", "v1");
        status.putObject("metadata");
        status.put("status", "Failure").put("message", String.valueOf(getMessage()));
        status.put("reason", reason);
        if (type != null || !causes.isEmpty()) {
            ObjectNode details = status.putObject("details");
            if (type != null) {
                details.put("name", name);
                Json.putText(details, "group", type.group());
                details.put("kind", code == 422 ? type.kind() : type.plural());
            }
            if (!causes.isEmpty()) {
                ArrayNode list = details.putArray("causes");
                for (Cause cause : causes) {
                    ObjectNode entry = list.addObject();
                    entry.put("reason", cause.reason()).put("message", cause.message());
                    Json.putText(entry, "field", cause.field());
                }
            }
        }
        status.put("code", code);
        return status;
    }
}
