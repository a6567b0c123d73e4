package dev.slipway.activities.registry;

import java.io.IOException;
import java.io.InputStream;

/** Opens a blob's bytes; once per attempt, so it must give the same bytes each time. */
@FunctionalInterface
public interface BlobSource {
    InputStream open() throws IOException;
}
