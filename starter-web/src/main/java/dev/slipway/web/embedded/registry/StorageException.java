package dev.slipway.web.embedded.registry;

import java.io.IOException;
import java.io.Serial;

/** The registry's folder could not take what was pushed: the disk is full, or it failed. */
final class StorageException extends IOException {
    @Serial
    private static final long serialVersionUID = 1;

    private final boolean full;

    StorageException(boolean full, IOException cause) {
        super(cause.getMessage(), cause);
        this.full = full;
    }

    StorageException(String message) {
        super(message);
        this.full = true;
    }

    boolean full() {
        return full;
    }
}
