package dev.slipway.web.embedded.kubernetes;

/**
 * How to delete.
 *
 * @param uid only if the object has this uid; empty for any
 * @param resourceVersion only at this version; empty for any
 * @param grace seconds a pod may take to end; negative for its own setting
 */
record DeleteOptions(Propagation propagation, String uid, String resourceVersion, int grace, boolean dryRun) {
    enum Propagation {
        BACKGROUND,
        FOREGROUND,
        ORPHAN
    }

    static final DeleteOptions BACKGROUND = new DeleteOptions(Propagation.BACKGROUND, "", "", -1, false);
}
