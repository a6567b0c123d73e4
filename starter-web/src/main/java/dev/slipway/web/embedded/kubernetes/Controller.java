package dev.slipway.web.embedded.kubernetes;

/** Brings the cluster closer to what one object wishes. Level triggered: it reads everything anew and may be repeated. */
interface Controller {
    /** Called inside the store's monitor, so that nothing changes meanwhile; must not wait. */
    void reconcile(ObjectKey key);
}
