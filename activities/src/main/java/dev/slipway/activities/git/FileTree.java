package dev.slipway.activities.git;

import java.io.IOException;

/** Files that can be walked, each time in the same order with the same bytes. */
@FunctionalInterface
public interface FileTree {
    void walk(FileSink sink) throws IOException;
}
