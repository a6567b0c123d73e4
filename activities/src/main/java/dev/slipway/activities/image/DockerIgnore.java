package dev.slipway.activities.image;

import java.util.ArrayList;
import java.util.List;

/**
 * What of a folder does not go into the context of a build. The last pattern that names a file decides, and {@code !} takes it in
 * again. Immutable.
 *
 * @see <a href="https://docs.docker.com/build/concepts/context/#dockerignore-files">.dockerignore files</a>
 */
public final class DockerIgnore {
    /** The name of the file, in the context's root. */
    public static final String FILE = ".dockerignore";

    /** Leaves nothing out. */
    public static final DockerIgnore NONE = new DockerIgnore(List.of());

    private record Rule(PathPattern pattern, boolean takesIn) {}

    private final List<Rule> rules;

    private DockerIgnore(List<Rule> rules) {
        this.rules = rules;
    }

    /** @param text of the file; comments, empty lines and a byte order mark are nothing */
    public static DockerIgnore parse(String text) {
        List<Rule> rules = new ArrayList<>();
        String plain = text.startsWith("\ufeff") ? text.substring(1) : text;
        for (String line : plain.split("\\R")) {
            // As Docker: a comment begins in the first column, and only there.
            String pattern = line.startsWith("#") ? "" : line.strip();
            boolean takesIn = pattern.startsWith("!");
            String path = takesIn ? pattern.substring(1).strip() : pattern;
            if (!path.isEmpty()) {
                rules.add(new Rule(PathPattern.of(path), takesIn));
            }
        }
        return new DockerIgnore(List.copyOf(rules));
    }

    /** @param path of a file, from the context's root */
    public boolean leavesOut(String path) {
        boolean out = false;
        for (Rule rule : rules) {
            if (out == rule.takesIn() && rule.pattern().covers(path)) {
                out = !rule.takesIn();
            }
        }
        return out;
    }
}
