package dev.slipway.web.embedded.kubernetes;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The documents by which clients learn what the server knows. */
final class Discovery {
    private static final List<String> VERBS =
            List.of("create", "delete", "deletecollection", "get", "list", "patch", "update", "watch");

    private final ResourceTypes types;

    Discovery(ResourceTypes types) {
        this.types = types;
    }

    /** The document at a path; null when there is none. */
    @Nullable
    ObjectNode answer(String path) {
        if (path.equals("/version")) {
            return version();
        }
        if (path.equals("/api")) {
            ObjectNode versions = Json.object().put("kind", "APIVersions");
            versions.putArray("versions").add("v1");
            return versions;
        }
        if (path.equals("/apis")) {
            ObjectNode list = Json.object().put("kind", "APIGroupList").put("apiVersion", "v1");
            ArrayNode groups = list.putArray("groups");
            groups().forEach((group, versions) -> groups.add(group(group, versions)));
            return list;
        }
        String[] parts = path.substring(1).split("/");
        if (parts.length == 2 && parts[0].equals("api") && parts[1].equals("v1")) {
            return resources("v1");
        }
        if (parts.length == 2 && parts[0].equals("apis") && groups().containsKey(parts[1])) {
            ObjectNode group = group(parts[1], groups().getOrDefault(parts[1], Set.of()));
            return group.put("kind", "APIGroup").put("apiVersion", "v1");
        }
        if (parts.length == 3 && parts[0].equals("apis")) {
            return resources(parts[1] + "/" + parts[2]);
        }
        return null;
    }

    private static ObjectNode version() {
        return Json.object()
                .put("major", "1")
                .put("minor", "34")
                .put("gitVersion", "v1.34.0+slipway.simulated")
                .put("gitCommit", "simulated")
                .put("gitTreeState", "clean")
                .put("buildDate", "2026-01-01T00:00:00Z")
                .put("goVersion", "none")
                .put("compiler", "none")
                .put("platform", "linux/amd64");
    }

    private Map<String, Set<String>> groups() {
        Map<String, Set<String>> groups = new LinkedHashMap<>();
        for (ResourceType type : types.all()) {
            if (!type.group().isEmpty()) {
                groups.computeIfAbsent(type.group(), unused -> new LinkedHashSet<>())
                        .add(type.version());
            }
        }
        groups.put("authorization.k8s.io", Set.of("v1"));
        groups.put("authentication.k8s.io", Set.of("v1"));
        return groups;
    }

    private static ObjectNode group(String name, Set<String> versions) {
        ObjectNode group = Json.object().put("name", name);
        ArrayNode list = group.putArray("versions");
        for (String version : versions) {
            list.addObject().put("groupVersion", name + "/" + version).put("version", version);
        }
        group.set("preferredVersion", list.get(0).deepCopy());
        return group;
    }

    private @Nullable ObjectNode resources(String apiVersion) {
        ObjectNode list = Json.object().put("kind", "APIResourceList").put("apiVersion", "v1");
        list.put("groupVersion", apiVersion);
        ArrayNode resources = list.putArray("resources");
        for (ResourceType type : types.all()) {
            if (!type.apiVersion().equals(apiVersion)) {
                continue;
            }
            ObjectNode entry = resource(resources, type, "", type.kind(), VERBS);
            if (!type.shortNames().isEmpty()) {
                ArrayNode shortNames = entry.putArray("shortNames");
                type.shortNames().forEach(shortNames::add);
            }
            if (type.status()) {
                resource(resources, type, "/status", type.kind(), List.of("get", "patch", "update"));
            }
            if (type.scale()) {
                resource(resources, type, "/scale", "Scale", List.of("get", "patch", "update"))
                        .put("group", "autoscaling")
                        .put("version", "v1");
            }
            if (type.is("Pod")) {
                resource(resources, type, "/log", "Pod", List.of("get"));
            }
        }
        if (apiVersion.equals("authorization.k8s.io/v1")) {
            for (String kind : List.of("SelfSubjectAccessReview", "SelfSubjectRulesReview")) {
                ObjectNode entry = resources.addObject();
                entry.put("name", kind.toLowerCase(Locale.ROOT) + "s").put("singularName", "");
                entry.put("namespaced", false).put("kind", kind);
                entry.putArray("verbs").add("create");
            }
        }
        if (apiVersion.equals("authentication.k8s.io/v1")) {
            ObjectNode entry = resources.addObject();
            entry.put("name", "selfsubjectreviews").put("singularName", "");
            entry.put("namespaced", false).put("kind", "SelfSubjectReview");
            entry.putArray("verbs").add("create");
        }
        return resources.isEmpty() ? null : list;
    }

    private static ObjectNode resource(
            ArrayNode resources, ResourceType type, String subresource, String kind, List<String> verbs) {
        ObjectNode entry = resources.addObject();
        entry.put("name", type.plural() + subresource);
        entry.put("singularName", subresource.isEmpty() ? type.kind().toLowerCase(Locale.ROOT) : "");
        entry.put("namespaced", type.namespaced()).put("kind", kind);
        ArrayNode list = entry.putArray("verbs");
        verbs.forEach(list::add);
        return entry;
    }
}
