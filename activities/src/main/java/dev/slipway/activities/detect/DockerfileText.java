package dev.slipway.activities.detect;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Writes a Dockerfile, line by line. What it is given is plain: paths and names were checked before. */
final class DockerfileText {
    /** Nobody's number on any system: an image that runs as it needs no right of anyone. */
    static final String USER = "10001";

    private final List<String> lines = new ArrayList<>();

    DockerfileText stage(String image, String name) {
        if (!lines.isEmpty()) {
            lines.add("");
        }
        lines.add("FROM " + image + (name.isEmpty() ? "" : " AS " + name));
        return this;
    }

    DockerfileText line(String line) {
        lines.add(line);
        return this;
    }

    /** Each at its place. */
    DockerfileText copyAll(List<String> paths) {
        paths.stream()
                .collect(Collectors.groupingBy(Paths::folder, java.util.TreeMap::new, Collectors.toList()))
                .forEach((folder, some) ->
                        lines.add("COPY " + String.join(" ", some) + " ./" + (folder.isEmpty() ? "" : folder + "/")));
        return this;
    }

    /** The end: who it runs as, what it listens on, and what it runs. */
    String runs(List<Integer> ports, List<String> command) {
        lines.add("USER " + USER);
        if (!ports.isEmpty()) {
            lines.add("EXPOSE " + ports.get(0));
        }
        lines.add("ENTRYPOINT " + exec(command));
        return String.join("\n", lines) + "\n";
    }

    private static String exec(List<String> command) {
        return command.stream()
                .map(word -> '"' + word.replace("\\", "\\\\").replace("\"", "\\\"") + '"')
                .collect(Collectors.joining(", ", "[", "]"));
    }
}
