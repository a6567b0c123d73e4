package dev.slipway.web.hooks;

import dev.slipway.activities.store.DeliveryStore;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import org.springframework.stereotype.Component;

/** Starts what could not be started when its delivery came. */
@Component
final class Again {
    private final DeliveryStore store;
    private final Doorbell doorbell;

    Again(DeliveryStore store, Doorbell doorbell) {
        this.store = store;
        this.doorbell = doorbell;
    }

    /** @throws ProblemException {@code SLP-HOOK-DELIVERY-UNKNOWN}, {@code SLP-HOOK-NOTHING-FAILED} */
    void start(String deliveryId) {
        var unused = store.byId(deliveryId);
        if (store.again(deliveryId) == 0) {
            throw new ProblemException(Problem.of(ProblemCode.HOOK_NOTHING_FAILED, deliveryId, "delivery", deliveryId));
        }
        doorbell.ring();
    }
}
