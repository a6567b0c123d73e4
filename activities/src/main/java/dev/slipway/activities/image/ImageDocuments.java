package dev.slipway.activities.image;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.activities.registry.Descriptor;
import dev.slipway.activities.registry.MediaTypes;
import dev.slipway.activities.registry.RemoteImage;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The configuration and the manifest of a composed image. What the base says and is not changed here, known or not, stays.
 *
 * @see <a href="https://github.com/opencontainers/image-spec/blob/v1.1.0/config.md">Image configuration</a>
 */
final class ImageDocuments {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String CREATED = "1970-01-01T00:00:00Z";

    private ImageDocuments() {}

    static byte[] config(@Nullable RemoteImage base, List<SpooledLayer> layers, Composition.Settings settings) {
        ObjectNode config = base == null ? scratch() : base.config().deepCopy();
        config.put("created", CREATED);
        config.remove(List.of("container", "container_config", "docker_version", "id"));
        run(object(config, "config"), settings);
        history(config, layers);
        ArrayNode diffs = array(object(config, "rootfs").put("type", "layers"), "diff_ids");
        layers.forEach(layer -> diffs.add(layer.descriptor().digest()));
        return bytes(config);
    }

    static byte[] manifest(Descriptor config, List<Descriptor> layers) {
        ObjectNode manifest = JSON.createObjectNode().put("schemaVersion", 2).put("mediaType", MediaTypes.OCI_MANIFEST);
        manifest.set("config", descriptor(config));
        ArrayNode list = manifest.putArray("layers");
        layers.forEach(layer -> list.add(descriptor(layer)));
        return bytes(manifest);
    }

    private static ObjectNode scratch() {
        return JSON.createObjectNode().put("architecture", "amd64").put("os", "linux");
    }

    private static void run(ObjectNode config, Composition.Settings settings) {
        if (!settings.entrypoint().isEmpty()) {
            config.remove("Cmd");
            texts(config, "Entrypoint", settings.entrypoint());
        }
        if (!settings.command().isEmpty()) {
            texts(config, "Cmd", settings.command());
        }
        if (!settings.workingDir().isEmpty()) {
            config.put("WorkingDir", settings.workingDir());
        }
        if (!settings.user().isEmpty()) {
            config.put("User", settings.user());
        }
        if (!settings.environment().isEmpty()) {
            environment(config, settings.environment());
        }
        if (!settings.labels().isEmpty()) {
            ObjectNode labels = object(config, "Labels");
            settings.labels().forEach(labels::put);
        }
    }

    private static void environment(ObjectNode config, Map<String, String> added) {
        Map<String, String> rest = new TreeMap<>(added);
        ArrayNode merged = JSON.createArrayNode();
        for (JsonNode entry : config.path("Env")) {
            String name = entry.asText().split("=", 2)[0];
            String value = rest.remove(name);
            merged.add(value == null ? entry.asText() : name + "=" + value);
        }
        rest.forEach((name, value) -> merged.add(name + "=" + value));
        config.set("Env", merged);
    }

    /** Tools match entries with layers by number; a base whose history does not add up gets none at all. */
    private static void history(ObjectNode config, List<SpooledLayer> layers) {
        ArrayNode history = array(config, "history");
        int withLayer = 0;
        for (JsonNode entry : history) {
            withLayer += entry.path("empty_layer").asBoolean() ? 0 : 1;
        }
        if (withLayer != config.path("rootfs").path("diff_ids").size()) {
            config.remove("history");
            return;
        }
        for (SpooledLayer layer : layers) {
            history.addObject()
                    .put("created", CREATED)
                    .put("created_by", "slipway")
                    .put("comment", layer.into());
        }
    }

    private static ObjectNode descriptor(Descriptor content) {
        return JSON.createObjectNode()
                .put("mediaType", content.mediaType())
                .put("digest", content.digest())
                .put("size", content.size());
    }

    private static void texts(ObjectNode node, String field, List<String> values) {
        ArrayNode array = node.putArray(field);
        values.forEach(array::add);
    }

    private static ObjectNode object(ObjectNode node, String field) {
        return node.get(field) instanceof ObjectNode there ? there : node.putObject(field);
    }

    private static ArrayNode array(ObjectNode node, String field) {
        return node.get(field) instanceof ArrayNode there ? there : node.putArray(field);
    }

    private static byte[] bytes(ObjectNode node) {
        try {
            return JSON.writeValueAsBytes(node);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A tree can always be written", e);
        }
    }
}
