package dev.slipway.web.embedded.registry;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code /v2/NAME/tags/list} by pages, and {@code /v2/NAME/referrers/DIGEST}. */
final class ListEndpoint {
    private final RegistryStore store;

    ListEndpoint(RegistryStore store) {
        this.store = store;
    }

    void tags(Exchange exchange, String repository) throws IOException {
        readOnly(exchange);
        if (!store.hasRepository(repository)) {
            throw new OciError(404, "NAME_UNKNOWN", "no such repository: " + repository);
        }
        String last = exchange.parameter("last");
        List<String> rest = store.tags(repository).stream()
                .filter(tag -> last == null || tag.compareTo(last) > 0)
                .toList();
        int limit = limit(exchange.parameter("n"), rest.size());
        List<String> page = rest.subList(0, limit);
        if (limit > 0 && limit < rest.size()) {
            String next = "/v2/" + repository + "/tags/list?n=" + limit + "&last=" + page.get(limit - 1);
            exchange.header("Link", "<" + next + ">; rel=\"next\"");
        }
        exchange.json(200, "application/json", Map.of("name", repository, "tags", page));
    }

    void referrers(Exchange exchange, String repository, Digest subject) throws IOException {
        readOnly(exchange);
        String type = exchange.parameter("artifactType");
        boolean filtered = type != null && !type.isEmpty();
        ArrayNode entries = Exchange.JSON.createArrayNode();
        for (Path file : store.referrers(repository, subject)) {
            JsonNode entry = descriptor(file);
            if (entry != null
                    && (!filtered || entry.path("artifactType").asString("").equals(type))) {
                entries.add(entry);
            }
        }
        if (filtered) {
            exchange.header("OCI-Filters-Applied", "artifactType");
        }
        ObjectNode index =
                Exchange.JSON.createObjectNode().put("schemaVersion", 2).put("mediaType", Manifest.INDEX);
        index.set("manifests", entries);
        exchange.json(200, Manifest.INDEX, index);
    }

    private static @Nullable JsonNode descriptor(Path file) throws IOException {
        try {
            return Exchange.JSON.readTree(Files.readAllBytes(file));
        } catch (NoSuchFileException e) {
            return null; // deleted since it was listed
        }
    }

    private static int limit(@Nullable String n, int all) {
        return n != null && n.matches("\\d{1,9}") ? Math.min(Integer.parseInt(n), all) : all;
    }

    private static void readOnly(Exchange exchange) {
        if (!exchange.reads()) {
            throw OciError.unsupported(exchange.method());
        }
    }
}
