package dev.slipway.activities.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.slipway.workflows.problem.ProblemCode;
import java.io.IOException;

/**
 * A manifest or index exactly as the registry has it. Callers do not change {@code bytes}.
 *
 * @param digest of {@code bytes}, checked
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody; the digest is its identity
public record RemoteManifest(String digest, String mediaType, byte[] bytes) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Whether it is a list of manifests, one per platform. */
    public boolean index() {
        return mediaType.equals(MediaTypes.OCI_INDEX) || mediaType.equals(MediaTypes.DOCKER_LIST);
    }

    public Descriptor descriptor() {
        return new Descriptor(mediaType, digest, bytes.length);
    }

    /** @throws dev.slipway.workflows.problem.ProblemException when it is no JSON object */
    public JsonNode json() {
        return object(bytes, digest);
    }

    static JsonNode object(byte[] content, String where) {
        try {
            JsonNode json = JSON.readTree(content);
            if (json != null && json.isObject()) {
                return json;
            }
        } catch (IOException e) {
            throw RegistryProblems.of(ProblemCode.REGISTRY_ANSWER, where, "not JSON", e);
        }
        throw RegistryProblems.of(ProblemCode.REGISTRY_ANSWER, where, "not a JSON object", null);
    }
}
