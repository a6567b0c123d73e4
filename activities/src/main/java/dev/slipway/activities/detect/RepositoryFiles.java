package dev.slipway.activities.detect;

import dev.slipway.activities.git.GitSource;
import dev.slipway.workflows.problem.ProblemException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The files of one folder of a repository at a commit, as far as detection looks at them. Hostile: only names that can stand in a
 * Dockerfile without quotes are seen, a file is read up to {@value #LARGEST_BYTES} bytes, and {@value #MOST_READS} files at most. Not for many
 * threads.
 */
public final class RepositoryFiles {
    /** A bigger file is as good as none. */
    public static final int LARGEST_BYTES = 256 << 10;

    private static final int MOST_READS = 2_000;
    /** More than these of one kind are not looked at. */
    static final int MOST_FOLDERS = 1_000;

    private static final int DEEPEST = 10;
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_@+.][A-Za-z0-9_@+.-]*");
    private static final Pattern VENDORED = Pattern.compile("((?:[A-Za-z0-9_@+.-]+/){0,8}(?:node_modules|vendor))/");
    /** What others made, what a build left, and what is about the project rather than of it. */
    private static final Set<String> ELSEWHERE = Set.of(
            "bower_components",
            "site-packages",
            "testdata",
            "test",
            "tests",
            "__tests__",
            "e2e",
            "docs",
            "doc",
            "examples",
            "fixtures");

    private final TreeSet<String> paths;
    private final Set<String> vendored;
    private final Function<String, Optional<byte[]>> content;
    private final Map<String, Optional<String>> read = new HashMap<>();

    private RepositoryFiles(TreeSet<String> paths, Set<String> vendored, Function<String, Optional<byte[]>> content) {
        this.paths = paths;
        this.vendored = vendored;
        this.content = content;
    }

    /**
     * @param listed paths of regular files, from the folder
     * @param content of one of them; empty: there is none, or it is bigger than {@value #LARGEST_BYTES} bytes
     */
    public static RepositoryFiles of(Iterable<String> listed, Function<String, Optional<byte[]>> content) {
        TreeSet<String> paths = new TreeSet<>();
        Set<String> vendored = new TreeSet<>();
        listed.forEach(path -> {
            Matcher others = VENDORED.matcher(path);
            if (others.lookingAt()) {
                vendored.add(others.group(1));
            } else if (isSeen(path)) {
                paths.add(path);
            }
        });
        return new RepositoryFiles(paths, vendored, content);
    }

    /**
     * @param folder in the repository; empty: all of it
     * @throws ProblemException with one of the {@code GIT_} codes; a file that cannot be read later is none
     */
    public static RepositoryFiles of(GitSource git, String url, String commit, String folder) {
        return of(git, url, commit, folder, git.list(url, commit, folder));
    }

    /** @param listed what {@link GitSource#list} has answered */
    public static RepositoryFiles of(GitSource git, String url, String commit, String folder, List<String> listed) {
        return of(listed, path -> {
            try {
                return Optional.of(git.read(url, commit, Paths.join(folder, path), LARGEST_BYTES));
            } catch (ProblemException e) {
                return Optional.empty();
            }
        });
    }

    private static boolean isSeen(String path) {
        String[] parts = path.split("/", -1);
        if (parts.length > DEEPEST) {
            return false;
        }
        for (int i = 0; i < parts.length; i++) {
            boolean folder = i < parts.length - 1;
            boolean hidden = folder && parts[i].startsWith(".") && !parts[i].equals(".mvn");
            if (hidden
                    || folder && ELSEWHERE.contains(parts[i])
                    || !PLAIN.matcher(parts[i]).matches()) {
                return false;
            }
        }
        return true;
    }

    /** In order. */
    SortedSet<String> paths() {
        return Collections.unmodifiableSortedSet(paths);
    }

    /** Those below a folder, in order. */
    SortedSet<String> below(String folder) {
        return folder.isEmpty() ? paths() : Collections.unmodifiableSortedSet(paths.subSet(folder + "/", folder + "0"));
    }

    boolean has(String path) {
        return paths.contains(path);
    }

    boolean hasFolder(String folder) {
        String next = paths.ceiling(folder + "/");
        return folder.isEmpty() || next != null && next.startsWith(folder + "/");
    }

    /** Whether a folder of others' code is kept in the repository: {@code vendor}, {@code node_modules}. */
    boolean hasVendored(String folder) {
        return vendored.contains(folder);
    }

    /** The folders that hold a file of that name, in order; the first {@value #MOST_FOLDERS}. */
    List<String> foldersOf(String name) {
        return paths.stream()
                .filter(path -> Paths.name(path).equals(name))
                .map(Paths::folder)
                .limit(MOST_FOLDERS)
                .toList();
    }

    /** Files of one folder, not of those below it, by their paths. */
    List<String> in(String folder) {
        return below(folder).stream()
                .filter(path -> Paths.folder(path).equals(folder))
                .toList();
    }

    /** The text of a file; empty: it is not there, is no text, or is too big to be looked at. */
    String text(String path) {
        return find(path).orElse("");
    }

    Optional<String> find(String path) {
        if (!paths.contains(path)) {
            return Optional.empty();
        }
        if (read.size() >= MOST_READS && !read.containsKey(path)) {
            return Optional.empty();
        }
        return read.computeIfAbsent(
                path,
                one -> content.apply(one)
                        .filter(bytes -> bytes.length <= LARGEST_BYTES)
                        .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
                        .filter(text -> text.indexOf('\0') < 0));
    }
}
