package dev.slipway.activities.git;

import dev.slipway.workflows.problem.ProblemCode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectLoader;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.treewalk.TreeWalk;

/** Walks one tree for a sink. A tree may be made by hand, so names, number and size are checked as for any hostile input. */
final class GitTreeWalk {
    private static final int MOST_FILES = 200_000;
    private static final long LARGEST_FILE = 2L << 30;
    /** Of all files together, unpacked: a few kilobytes of objects can say petabytes of files. */
    private static final long LARGEST_TREE = 4L << 30;

    private static final int LONGEST_LINK = 4096;
    private static final int LONGEST_POINTER = 1024;
    private static final byte[] LFS = "version https://git-lfs.github.com/spec/".getBytes(StandardCharsets.US_ASCII);

    private final GitUrl url;
    private final ObjectReader reader;
    private final Set<String> seen = new HashSet<>();
    /** Where it began; empty: the root. */
    private String at = "";

    private long bytes;

    GitTreeWalk(GitUrl url, ObjectReader reader) {
        this.url = url;
        this.reader = reader;
    }

    void walk(TreeItem item, String path, FileSink sink) throws IOException {
        at = path;
        if (item.mode() == FileMode.TREE) {
            entries(item, (name, entry) -> visit(name, entry, sink));
        } else {
            visit(path.substring(path.lastIndexOf('/') + 1), item, sink);
        }
    }

    /** The paths of its regular files; nothing of them is read, and what is no file is passed over. */
    List<String> list(TreeItem item) throws IOException {
        List<String> paths = new ArrayList<>();
        if (item.mode() == FileMode.TREE) {
            entries(item, (name, entry) -> {
                if (entry.isFile()) {
                    paths.add(name);
                }
            });
        }
        return paths;
    }

    /** What is told of each entry that is no folder. */
    private interface Entries {
        void entry(String path, TreeItem item) throws IOException;
    }

    private void entries(TreeItem tree, Entries told) throws IOException {
        try (TreeWalk walk = new TreeWalk(reader)) {
            walk.addTree(tree.id());
            walk.setRecursive(false);
            while (walk.next()) {
                String name = walk.getPathString();
                unique(name);
                if (walk.isSubtree()) {
                    walk.enterSubtree();
                } else {
                    told.entry(name, new TreeItem(walk.getObjectId(0), walk.getFileMode(0)));
                }
            }
        }
    }

    /** A tree made by hand can name a link and a folder alike, to have files written through the link. */
    private void unique(String path) {
        String name = path.substring(path.lastIndexOf('/') + 1);
        if (name.isEmpty() || name.equals(".") || name.equals("..") || name.indexOf('\0') >= 0 || !seen.add(path)) {
            throw GitProblems.of(
                    ProblemCode.GIT_UNSUPPORTED, url.toString(), "feature", "malformed-tree", "path", path);
        }
        if (seen.size() > MOST_FILES) {
            throw GitProblems.of(
                    ProblemCode.GIT_TOO_MANY, url.toString(), "path", at, "limit", Integer.toString(MOST_FILES));
        }
    }

    private void visit(String path, TreeItem item, FileSink sink) throws IOException {
        if (item.mode() == FileMode.GITLINK) {
            throw GitProblems.of(ProblemCode.GIT_UNSUPPORTED, url.toString(), "feature", "submodule", "path", path);
        }
        ObjectLoader loader = reader.open(item.id(), Constants.OBJ_BLOB);
        if (item.mode() == FileMode.SYMLINK) {
            if (loader.getSize() > LONGEST_LINK) {
                throw GitProblems.tooBig(url, path, LONGEST_LINK);
            }
            sink.symlink(path, new String(loader.getCachedBytes(LONGEST_LINK), StandardCharsets.UTF_8));
            return;
        }
        if (loader.getSize() > LARGEST_FILE) {
            throw GitProblems.tooBig(url, path, LARGEST_FILE);
        }
        bytes += loader.getSize();
        if (bytes > LARGEST_TREE) {
            throw GitProblems.tooBig(url, at, LARGEST_TREE);
        }
        if (loader.getSize() <= LONGEST_POINTER && startsWithLfs(loader.getCachedBytes(LONGEST_POINTER))) {
            throw GitProblems.of(ProblemCode.GIT_UNSUPPORTED, url.toString(), "feature", "lfs", "path", path);
        }
        try (InputStream content = loader.openStream()) {
            sink.file(path, item.mode() == FileMode.EXECUTABLE_FILE, loader.getSize(), content);
        }
    }

    private static boolean startsWithLfs(byte[] content) {
        return content.length >= LFS.length && Arrays.equals(content, 0, LFS.length, LFS, 0, LFS.length);
    }
}
