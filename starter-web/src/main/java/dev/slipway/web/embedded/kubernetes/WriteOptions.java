package dev.slipway.web.embedded.kubernetes;

/**
 * How to write.
 *
 * @param manager who will own the fields
 * @param subresource empty for the object itself, else {@code status}
 * @param dryRun whether to go all the way but store nothing
 * @param force for server-side apply: take contested fields
 */
record WriteOptions(String manager, String subresource, boolean dryRun, boolean force) {
    static WriteOptions by(String manager) {
        return new WriteOptions(manager, "", false, false);
    }

    WriteOptions onStatus() {
        return new WriteOptions(manager, "status", dryRun, force);
    }

    boolean status() {
        return subresource.equals("status");
    }
}
