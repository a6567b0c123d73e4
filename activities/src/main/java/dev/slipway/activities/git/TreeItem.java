package dev.slipway.activities.git;

import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;

/** What a path of a commit names. */
record TreeItem(ObjectId id, FileMode mode) {
    /** With content of its own: no folder, link or submodule. */
    boolean isFile() {
        return mode == FileMode.REGULAR_FILE || mode == FileMode.EXECUTABLE_FILE;
    }
}
