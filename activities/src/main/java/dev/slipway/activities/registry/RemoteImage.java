package dev.slipway.activities.registry;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/**
 * One image for one platform: its manifest and its configuration as JSON.
 *
 * @param manifest never an index
 * @param config the configuration file: {@code config.User}, {@code config.Entrypoint}, {@code rootfs.diff_ids} …
 */
public record RemoteImage(RemoteManifest manifest, JsonNode config) {
    public List<Descriptor> layers() {
        List<Descriptor> layers = new ArrayList<>();
        for (JsonNode layer : manifest.json().path("layers")) {
            layers.add(descriptor(layer));
        }
        return List.copyOf(layers);
    }

    /** The user that the image runs as; empty: root. */
    public String user() {
        return config.path("config").path("User").asText("");
    }

    public List<String> entrypoint() {
        return texts(config.path("config").path("Entrypoint"));
    }

    public List<String> command() {
        return texts(config.path("config").path("Cmd"));
    }

    static Descriptor descriptor(JsonNode node) {
        return new Descriptor(
                node.path("mediaType").asText(),
                node.path("digest").asText(),
                node.path("size").asLong(-1));
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(text -> texts.add(text.asText()));
        return List.copyOf(texts);
    }
}
