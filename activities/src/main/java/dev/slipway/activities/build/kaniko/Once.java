package dev.slipway.activities.build.kaniko;

import dev.slipway.activities.kubernetes.ClusterErrors;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.util.Optional;

/** Making an object whose name says what it is: whoever comes second finds it there. */
final class Once {
    private static final int CONFLICT = 409;

    private Once() {}

    /** @return empty: it was there */
    static <T> Optional<T> create(ClusterErrors errors, String where, Resource<T> object) {
        try {
            return Optional.of(object.create());
        } catch (KubernetesClientException e) {
            if (e.getCode() == CONFLICT) {
                return Optional.empty();
            }
            throw errors.translated(e, where);
        }
    }
}
