package dev.slipway.web.embedded.kubernetes;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a request's path names.
 *
 * @param namespace empty for all namespaces and for cluster-scoped kinds
 * @param name empty for a collection
 * @param subresource empty for the object itself
 */
record RequestTarget(String apiVersion, String plural, String namespace, String name, String subresource) {
    /** Null when the path is not that of a resource: discovery, version, health. */
    static @Nullable RequestTarget parse(String path) {
        List<String> parts = List.of(path.substring(1).split("/"));
        int next;
        String apiVersion;
        if (parts.size() > 2 && parts.get(0).equals("api")) {
            apiVersion = parts.get(1);
            next = 2;
        } else if (parts.size() > 3 && parts.get(0).equals("apis")) {
            apiVersion = parts.get(1) + "/" + parts.get(2);
            next = 3;
        } else {
            return null;
        }
        String namespace = "";
        // /namespaces/x, and its own subresources, are the namespace itself.
        boolean within = parts.get(next).equals("namespaces")
                && parts.size() > next + 2
                && !List.of("status", "finalize").contains(parts.get(next + 2));
        if (within) {
            namespace = parts.get(next + 1);
            next += 2;
        }
        String plural = parts.get(next);
        String name = parts.size() > next + 1 ? parts.get(next + 1) : "";
        String subresource = parts.size() > next + 2 ? String.join("/", parts.subList(next + 2, parts.size())) : "";
        return new RequestTarget(apiVersion, plural, namespace, name, subresource);
    }

    /** The parameters of a query; of a repeated one the last counts. */
    static Map<String, String> query(URI uri) {
        Map<String, String> parameters = new LinkedHashMap<>();
        String raw = uri.getRawQuery();
        if (raw != null) {
            for (String part : raw.split("&")) {
                int equals = part.indexOf('=');
                String name = equals < 0 ? part : part.substring(0, equals);
                String value = equals < 0 ? "" : part.substring(equals + 1);
                try {
                    parameters.put(
                            URLDecoder.decode(name, StandardCharsets.UTF_8),
                            URLDecoder.decode(value, StandardCharsets.UTF_8));
                } catch (IllegalArgumentException e) {
                    throw ApiRefusal.badRequest("the query cannot be decoded: " + part);
                }
            }
        }
        return parameters;
    }
}
