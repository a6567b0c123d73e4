package dev.slipway.activities.detect;

import dev.slipway.workflows.application.Dependency;
import java.util.Collection;
import java.util.HashMap;
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

    private static final int MOST_MANIFESTS = 300;
    private static final Pattern WORKLOAD = Pattern.compile("(?m)^kind:\\s*(?:Deployment|StatefulSet)\\s*$");
    private static final Pattern NAME = Pattern.compile("(?m)^ {2}name:\\s*[\"']?([a-z0-9-]{1,60})[\"']?\\s*$");

    private final RepositoryFiles files;
    private final Set<String> components;
    /** Of each component what Kubernetes manifests of the repository say of it, by their files. */
    private final Map<String, Map<String, String>> manifests = new HashMap<>();

    /** @param components every one that can be called */
    Edges(RepositoryFiles files, Set<String> components) {
        this.files = files;
        this.components = components;
        files.paths().stream()
                .filter(path -> path.endsWith(".yaml") || path.endsWith(".yml"))
                .limit(MOST_MANIFESTS)
                .forEach(this::manifests);
    }

    private void manifests(String path) {
        for (String document : files.text(path).split("(?m)^---.*$")) {
            Matcher name = NAME.matcher(document);
            if (WORKLOAD.matcher(document).find() && name.find() && components.contains(name.group(1))) {
                manifests
                        .computeIfAbsent(name.group(1), key -> new LinkedHashMap<>())
                        .merge(path, document, String::concat);
            }
        }
    }

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
     * Whom a component has addresses of.
     *
     * @param file that names it
     * @param port 0: none is named
     */
    record Call(String other, int port, String file) {}

    /** Each once, by the first file that names it. */
    Collection<Call> of(String component, Project project) {
        Map<String, String> texts = new LinkedHashMap<>();
        String dockerfile = project.dockerfile();
        Stream<String> own = dockerfile == null ? Stream.empty() : Stream.of(Paths.join(project.context(), dockerfile));
        Stream.concat(own, SETTINGS.stream().map(file -> Paths.join(project.folder(), file)))
                .forEach(file -> texts.put(file, files.text(file)));
        texts.putAll(manifests.getOrDefault(component, Map.of()));
        Map<String, Call> calls = new LinkedHashMap<>();
        texts.forEach((file, text) -> hosts(text).forEach((host, port) -> {
            if (components.contains(host) && !host.equals(component)) {
                calls.putIfAbsent(host, new Call(host, port, file));
            }
        }));
        return calls.values();
    }
}
