package dev.slipway.activities.kubernetes.render;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.SerializationFeature;

/** Objects as plain maps, lists, strings, numbers and booleans, as they go over the wire. */
public final class Trees {
    private static final TypeReference<Map<String, Object>> TREE = new TypeReference<>() {};
    private static final ObjectWriter CANONICAL =
            Serialization.jsonMapper().writer().with(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS);

    private Trees() {}

    public static Map<String, Object> of(HasMetadata object) {
        return Serialization.jsonMapper().convertValue(object, TREE);
    }

    /** The same tree, the same bytes. */
    static byte[] canonical(Object tree) {
        return CANONICAL.writeValueAsString(tree).getBytes(StandardCharsets.UTF_8);
    }
}
