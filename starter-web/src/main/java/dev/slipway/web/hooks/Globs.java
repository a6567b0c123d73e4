package dev.slipway.web.hooks;

import java.util.Arrays;
import java.util.List;

/** Patterns that include, and others, behind an exclamation mark, that take out again. Their order says nothing. */
final class Globs {
    static final int MOST = 50;
    static final int LONGEST = 200;

    private final List<Glob> included;
    private final List<Glob> excluded;

    Globs(List<String> patterns) {
        included = patterns.stream()
                .filter(pattern -> !pattern.startsWith("!"))
                .map(Glob::of)
                .toList();
        excluded = patterns.stream()
                .filter(pattern -> pattern.startsWith("!"))
                .map(pattern -> Glob.of(pattern.substring(1)))
                .toList();
    }

    /** Whether one includes it, or none includes anything, and none takes it out. */
    boolean match(String name) {
        return (included.isEmpty() || included.stream().anyMatch(glob -> glob.matches(name)))
                && excluded.stream().noneMatch(glob -> glob.matches(name));
    }

    /** One in each line, or between commas. */
    static List<String> lines(String text) {
        return Arrays.stream(text.split("[\\n\\r,]"))
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .distinct()
                .toList();
    }

    /** Those that are none. */
    static List<String> wrong(List<String> patterns) {
        return patterns.stream()
                .filter(pattern -> pattern.isBlank()
                        || pattern.equals("!")
                        || pattern.length() > LONGEST
                        || pattern.chars().anyMatch(c -> c < ' ' || c == 127))
                .toList();
    }
}
