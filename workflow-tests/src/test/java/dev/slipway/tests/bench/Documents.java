package dev.slipway.tests.bench;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/** Documents of many components that need no build; the simulated kubelet makes each ready after its own time. */
final class Documents {
    /** @param milliseconds from apply to ready */
    record Node(String name, int milliseconds, List<String> needs) {}

    private Documents() {}

    static List<Node> chain(int length, int milliseconds) {
        List<Node> nodes = new ArrayList<>();
        for (int i = 0; i < length; i++) {
            nodes.add(new Node("c" + i, milliseconds, i == 0 ? List.of() : List.of("c" + (i - 1))));
        }
        return nodes;
    }

    /** Layers of about equal size; each node needs two to four of the layer before; one in ten takes 15 s, the others 1 to 3 s. */
    static List<Node> layers(int count, int layers, long seed) {
        Random random = new Random(seed);
        List<Node> nodes = new ArrayList<>();
        List<String> before = List.of();
        for (int layer = 0; layer < layers; layer++) {
            int size = count * (layer + 1) / layers - count * layer / layers;
            List<String> names = new ArrayList<>();
            for (int i = 0; i < size; i++) {
                List<String> needs = new ArrayList<>();
                int fan = Math.min(before.size(), 2 + random.nextInt(3));
                while (needs.size() < fan) {
                    String need = before.get(random.nextInt(before.size()));
                    if (!needs.contains(need)) {
                        needs.add(need);
                    }
                }
                int milliseconds = random.nextInt(10) == 0 ? 15_000 : 1_000 + random.nextInt(2_001);
                Node node = new Node("l" + layer + "-" + i, milliseconds, needs);
                nodes.add(node);
                names.add(node.name());
            }
            before = names;
        }
        return nodes;
    }

    static List<Node> independent(int count) {
        List<Node> nodes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            nodes.add(new Node("c" + i, 50, List.of()));
        }
        return nodes;
    }

    /** As {@link #layers}, where one node of each layer takes 15 s, each on a branch of its own: it needs no other slow one. */
    static List<Node> slowInEachLayer(int count, int layers, long seed) {
        List<Node> nodes = new ArrayList<>();
        Set<String> slow = new HashSet<>();
        int last = -1;
        for (Node node : layers(count, layers, seed)) {
            int layer = Integer.parseInt(node.name().substring(1, node.name().indexOf('-')));
            List<String> needs =
                    node.needs().stream().filter(need -> !slow.contains(need)).toList();
            boolean first = layer != last;
            last = layer;
            if (first) {
                slow.add(node.name());
            }
            nodes.add(new Node(node.name(), first ? 15_000 : Math.min(3_000, node.milliseconds()), needs));
        }
        return nodes;
    }

    /** The longest way through the graph, in milliseconds of readiness alone. */
    static long criticalPath(List<Node> nodes) {
        Map<String, Long> ends = new TreeMap<>();
        long longest = 0;
        for (Node node : nodes) {
            long begin = node.needs().stream().mapToLong(ends::get).max().orElse(0);
            ends.put(node.name(), begin + node.milliseconds());
            longest = Math.max(longest, begin + node.milliseconds());
        }
        return longest;
    }

    static String document(String name, List<Node> nodes) {
        StringBuilder yaml = new StringBuilder("apiVersion: slipway.dev/v1\nkind: Application\nmetadata: {name: " + name
                + "}\nspec:\n  components:\n");
        for (Node node : nodes) {
            yaml.append("    - name: ").append(node.name()).append('\n');
            yaml.append("      source: {image: 'slipway.registry/base/shell:1'}\n");
            yaml.append("      ports: [{name: http, port: 8080}]\n");
            yaml.append("      probes: {readiness: {tcp: http}}\n");
            yaml.append("      env: {SIMULATION_READY_AFTER: ")
                    .append(node.milliseconds())
                    .append("ms}\n");
            yaml.append("      dependsOn: [")
                    .append(String.join(", ", node.needs()))
                    .append("]\n");
        }
        return yaml.toString();
    }

    /**
     * On nodes that only say that they run pods. Readiness comes of itself there, so what a node takes is how long its pod has
     * to be ready, in whole seconds.
     */
    static String onFakeNodes(String name, List<Node> nodes, String image) {
        return real(
                name,
                nodes,
                image,
                ", template: {spec: {nodeSelector: {lab.slipway.dev/fake: \"true\"}, tolerations: [{key: lab.slipway.dev/fake,"
                        + " operator: Exists}]}}");
    }

    static String onRealNodes(String name, List<Node> nodes, String image) {
        return real(name, nodes, image, "");
    }

    private static String real(String name, List<Node> nodes, String image, String place) {
        StringBuilder yaml = new StringBuilder("apiVersion: slipway.dev/v1\nkind: Application\nmetadata: {name: " + name
                + "}\nspec:\n  components:\n");
        for (Node node : nodes) {
            yaml.append("    - name: ").append(node.name()).append('\n');
            yaml.append("      source: {image: '").append(image).append("'}\n");
            yaml.append("      command: [busybox, httpd, -f, -p, '8080']\n");
            yaml.append("      ports: [{name: http, port: 8080}]\n");
            yaml.append("      probes: {readiness: {tcp: http, period: 1}}\n");
            yaml.append("      security: {runAsUser: 65534}\n");
            yaml.append("      patch: {spec: {minReadySeconds: ")
                    .append(Math.round(node.milliseconds() / 1000.0))
                    .append(place)
                    .append("}}\n");
            yaml.append("      dependsOn: [")
                    .append(String.join(", ", node.needs()))
                    .append("]\n");
        }
        return yaml.toString();
    }
}
