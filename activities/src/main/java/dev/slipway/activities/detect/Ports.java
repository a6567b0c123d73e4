package dev.slipway.activities.detect;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Ports that files tell of. */
final class Ports {
    private static final Pattern PROPERTY =
            Pattern.compile("(?m)^server\\.port\\s*[=:]\\s*(?:\\$\\{[^:}\\r\\n]*+:)?(\\d{2,5})");
    private static final Pattern YAML = Pattern.compile(
            "(?m)^server:\\s*\\R(?:[ \\t]++.*+\\R){0,20}?[ \\t]+port:\\s*(?:\\$\\{[^:}\\r\\n]*+:)?(\\d{2,5})");
    private static final List<Pattern> CODE = List.of(
            Pattern.compile("(?i)\\bport\\b[^\\n]{0,40}?(?:\\|\\||\\?\\?|,|or|:=|=)\\s*+[\"':]*+(\\d{4,5})\\b"),
            Pattern.compile("(?i)\\.listen\\(\\s*(\\d{2,5})\\b"),
            Pattern.compile("(?i)\\bListen(?:AndServe)?\\w*\\([^)\\n]{0,40}\":(\\d{2,5})\""),
            Pattern.compile("\":(\\d{4,5})\""));
    private static final Pattern EXPOSE = Pattern.compile("(?im)^[ \\t]*+EXPOSE\\s+(.+)$");
    private static final Pattern NUMBER = Pattern.compile("(?<![\\d-])(\\d{2,5})(?:/tcp)?(?![\\d/-])");

    private Ports() {}

    static List<Integer> ofSpring(RepositoryFiles files, String folder, boolean spring) {
        Set<Integer> ports = new LinkedHashSet<>();
        String resources = Paths.join(folder, "src/main/resources");
        add(ports, PROPERTY, files.text(resources + "/application.properties"));
        for (String name : List.of("/application.yml", "/application.yaml")) {
            add(ports, YAML, files.text(resources + name));
            add(ports, PROPERTY, files.text(resources + name));
        }
        if (ports.isEmpty() && spring) {
            ports.add(8080);
        }
        return List.copyOf(ports);
    }

    /** In a program: the value that stands beside a variable of that name, or what it listens on. */
    static List<Integer> inCode(String text) {
        for (Pattern pattern : CODE) {
            Set<Integer> ports = new LinkedHashSet<>();
            add(ports, pattern, text);
            if (!ports.isEmpty()) {
                return List.copyOf(ports).subList(0, 1);
            }
        }
        return List.of();
    }

    static List<Integer> exposed(String dockerfile) {
        List<Integer> ports = new ArrayList<>();
        Matcher expose = EXPOSE.matcher(dockerfile);
        while (expose.find()) {
            Set<Integer> found = new LinkedHashSet<>();
            add(found, NUMBER, expose.group(1));
            ports.addAll(found);
        }
        return ports;
    }

    private static void add(Set<Integer> ports, Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        while (matcher.find() && ports.size() < 10) {
            int port = Integer.parseInt(matcher.group(1));
            if (port > 0 && port < 65_536) {
                ports.add(port);
            }
        }
    }
}
