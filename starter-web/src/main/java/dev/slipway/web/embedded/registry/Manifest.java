package dev.slipway.web.embedded.registry;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What the registry must know of a manifest or index. The bytes themselves are kept as they came.
 *
 * @param blobs what must be in the repository before it: config and layers, except those that live elsewhere by declaration
 * @param children manifests an index lists
 * @param subject the manifest this one is about
 */
record Manifest(String mediaType, List<Digest> blobs, List<Digest> children, Optional<Digest> subject, JsonNode json) {
    static final String INDEX = "application/vnd.oci.image.index.v1+json";

    Manifest {
        blobs = List.copyOf(blobs);
        children = List.copyOf(children);
    }

    /** @throws OciError 400 MANIFEST_INVALID or DIGEST_INVALID when it is none */
    static Manifest parse(byte[] content, @Nullable String contentType) {
        JsonNode json = object(content);
        String declared = text(json, "mediaType");
        String type = contentType == null ? declared : contentType.split(";", 2)[0].trim();
        if (type == null || type.isEmpty()) {
            throw new OciError(400, "MANIFEST_INVALID", "neither a Content-Type nor a mediaType");
        }
        if (declared != null && !declared.equals(type)) {
            throw new OciError(
                    400,
                    "MANIFEST_INVALID",
                    "mediaType " + OciError.quote(declared) + " differs from the Content-Type");
        }
        List<Digest> blobs = new ArrayList<>();
        if (json.has("config")) {
            blobs.add(digest(json.get("config")));
        }
        for (JsonNode layer : json.path("layers")) {
            if (!elsewhere(layer)) {
                blobs.add(digest(layer));
            }
        }
        List<Digest> children = new ArrayList<>();
        json.path("manifests").forEach(child -> children.add(digest(child)));
        Optional<Digest> subject =
                json.path("subject").isObject() ? Optional.of(digest(json.path("subject"))) : Optional.empty();
        return new Manifest(type, blobs, children, subject, json);
    }

    /** The entry that the list of referrers shows for this manifest. */
    ObjectNode descriptor(Digest digest, long size) {
        ObjectNode entry = Exchange.JSON
                .createObjectNode()
                .put("mediaType", mediaType)
                .put("digest", digest.toString())
                .put("size", size);
        String artifactType = text(json, "artifactType");
        if (artifactType == null) {
            artifactType = text(json.path("config"), "mediaType");
        }
        if (artifactType != null) {
            entry.put("artifactType", artifactType);
        }
        if (json.path("annotations").isObject()) {
            entry.set("annotations", json.get("annotations"));
        }
        return entry;
    }

    private static JsonNode object(byte[] content) {
        try {
            JsonNode json = Exchange.JSON.readTree(content);
            if (json.isObject()) {
                return json;
            }
        } catch (JacksonException e) {
            throw new OciError(400, "MANIFEST_INVALID", "not JSON");
        }
        throw new OciError(400, "MANIFEST_INVALID", "not a JSON object");
    }

    private static boolean elsewhere(JsonNode layer) {
        String type = layer.path("mediaType").asString("");
        return layer.has("urls") || type.contains("nondistributable") || type.contains("foreign");
    }

    private static Digest digest(JsonNode descriptor) {
        return Digest.parse(text(descriptor, "digest"));
    }

    private static @Nullable String text(JsonNode node, String field) {
        JsonNode value = node.path(field);
        return value.isString() ? value.stringValue() : null;
    }
}
