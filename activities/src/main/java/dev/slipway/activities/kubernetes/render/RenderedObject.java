package dev.slipway.activities.kubernetes.render;

import io.fabric8.kubernetes.api.model.HasMetadata;

/** One object as it should be, with the hash of it in its annotations. Not a record, as a Secret must not print itself. */
public final class RenderedObject {
    private final ObjectRef ref;
    private final HasMetadata object;
    private final String hash;

    public RenderedObject(ObjectRef ref, HasMetadata object, String hash) {
        this.ref = ref;
        this.object = object;
        this.hash = hash;
    }

    public ObjectRef ref() {
        return ref;
    }

    /** For reading and applying; never changed. */
    public HasMetadata object() {
        return object;
    }

    /** Of everything but itself. */
    public String hash() {
        return hash;
    }

    @Override
    public String toString() {
        return ref.subject() + " " + hash;
    }
}
