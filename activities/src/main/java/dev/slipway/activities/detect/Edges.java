package dev.slipway.activities.detect;

import dev.slipway.workflows.application.Dependency;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Who calls whom, where a setting says so: an address whose host is the name of another component. */
final class Edges {
    /** Nothing tells of an order. */
    static final Dependency.Condition LINKED = Dependency.Condition.LINKED;

    private static final Pattern URL = Pattern.compile(
            "://(?:[^\\s/@\"']{0,100}@)?([A-Za-z][A-Za-z0-9_-]{0,60})(?::(\\d{2,5}))?(?=[/\\s\"',?]|$)");
    private static final Pattern HOST_PORT =
            Pattern.compile("(?<![A-Za-z0-9_./@-])([A-Za-z][A-Za-z0-9_-]{0,60}):(\\d{2,5})(?!\\d)");
    private static final List<String> SETTINGS = List.of(
            ".env",
            "application.properties",
            "application.yml",
            "application.yaml",
            "src/main/resources/application.properties",
            "src/main/resources/application.yml",
            "src/main/resources/application.yaml");

    private Edges() {}

    /**
     * The hosts that a text has addresses of.
     *
     * @return host -> port; 0: none is named
     */
    static Map<String, Integer> hosts(String text) {
        Map<String, Integer> hosts = new LinkedHashMap<>();
        for (Pattern pattern : List.of(URL, HOST_PORT)) {
            Matcher address = pattern.matcher(text);
            while (address.find()) {
                String port = address.group(2);
                hosts.merge(address.group(1), port == null ? 0 : Integer.parseInt(port), Math::max);
            }
        }
        return hosts;
    }

    /**
     * @param named every component
     * @return the other -> the file that names it
     */
    static Map<String, String> linked(RepositoryFiles files, Project project, String component, Set<String> named) {
        Map<String, String> edges = new LinkedHashMap<>();
        String dockerfile = project.dockerfile();
        Stream<String> own = dockerfile == null ? Stream.empty() : Stream.of(Paths.join(project.context(), dockerfile));
        Stream.concat(own, SETTINGS.stream().map(file -> Paths.join(project.folder(), file)))
                .forEach(file -> hosts(files.text(file)).keySet().stream()
                        .filter(host -> named.contains(host) && !host.equals(component))
                        .forEach(host -> edges.putIfAbsent(host, file)));
        return edges;
    }
}
