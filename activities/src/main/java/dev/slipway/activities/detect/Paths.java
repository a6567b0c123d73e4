package dev.slipway.activities.detect;

import java.util.Optional;
import java.util.stream.Stream;

/** Paths in a repository: relative, with slashes, the root empty. */
final class Paths {
    private static final int LONGEST = 4_096;

    private Paths() {}

    static String name(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    static String folder(String path) {
        return path.substring(0, Math.max(0, path.lastIndexOf('/')));
    }

    static String join(String folder, String path) {
        return folder.isEmpty() || path.isEmpty() ? folder + path : folder + "/" + path;
    }

    /** The folder, and all that it is in, up to the root. */
    static Stream<String> upwards(String folder) {
        return Stream.concat(Stream.iterate(folder, at -> !at.isEmpty(), Paths::folder), Stream.of(""));
    }

    static boolean isBelow(String path, String folder) {
        return folder.isEmpty() || path.equals(folder) || path.startsWith(folder + "/");
    }

    /** From a folder that it is below of. */
    static String from(String folder, String path) {
        return folder.isEmpty() ? path : path.equals(folder) ? "" : path.substring(folder.length() + 1);
    }

    /** As an author has written it, from a folder: {@code ../web/}; empty: it leads out of the repository, or is longer than any path. */
    static Optional<String> resolve(String folder, String written) {
        if (written.length() > LONGEST) {
            return Optional.empty();
        }
        String at = folder;
        for (String part : written.replace('\\', '/').split("/")) {
            if (part.equals("..")) {
                if (at.isEmpty()) {
                    return Optional.empty();
                }
                at = folder(at);
            } else if (!part.isEmpty() && !part.equals(".")) {
                at = join(at, part);
            }
        }
        return Optional.of(at);
    }
}
