package dev.slipway.activities.git;

import java.io.IOException;
import java.io.InputStream;

/** Takes the files of a tree, in the order of git, one at a time. */
public interface FileSink {
    /**
     * A regular file.
     *
     * @param path relative, with slashes, checked: no empty, {@code .} or {@code ..} parts
     * @param size in bytes; exactly what {@code content} gives
     * @param content is closed by the caller
     */
    void file(String path, boolean executable, long size, InputStream content) throws IOException;

    /** A symbolic link; the target is as committed and is never followed. */
    void symlink(String path, String target) throws IOException;
}
