package dev.slipway.web.environments.topology;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.web.environments.topology.TopologyLayout.Edge;
import dev.slipway.web.environments.topology.TopologyLayout.Layout;
import dev.slipway.web.environments.topology.TopologyLayout.PlacedNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TopologyLayoutTest {
    private static final List<String> SHOP = List.of("web", "catalog", "orders", "payments", "db", "cache", "migrate");
    private static final List<Edge> SHOP_EDGES = List.of(
            needs("web", "catalog"),
            needs("web", "orders"),
            needs("catalog", "cache"),
            needs("catalog", "migrate"),
            needs("orders", "migrate"),
            needs("orders", "payments"),
            needs("payments", "db"),
            needs("migrate", "db"));

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    @DisplayName("No two nodes overlap, and every node lies within the picture")
    void nodesDoNotOverlap(long seed) {
        Graph graph = Graph.random(seed);
        Layout layout = TopologyLayout.of(graph.ids, graph.edges);

        assertThat(layout.nodes()).extracting(PlacedNode::id).containsExactlyElementsOf(graph.ids);
        for (PlacedNode a : layout.nodes()) {
            assertThat(a.x()).isBetween(0, layout.width() - TopologyLayout.NODE_WIDTH);
            assertThat(a.y()).isBetween(0, layout.height() - TopologyLayout.NODE_HEIGHT);
            for (PlacedNode b : layout.nodes()) {
                boolean apart = a == b
                        || Math.abs(a.x() - b.x()) >= TopologyLayout.NODE_WIDTH
                        || Math.abs(a.y() - b.y()) >= TopologyLayout.NODE_HEIGHT;
                assertThat(apart).as("%s and %s", a, b).isTrue();
            }
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    @DisplayName("Edges go forward, except those turned around to open a cycle, which are links where links suffice")
    void edgesGoForward(long seed) {
        Graph graph = Graph.random(seed);
        Layout layout = TopologyLayout.of(graph.ids, graph.edges);

        Map<String, PlacedNode> nodes =
                layout.nodes().stream().collect(Collectors.toMap(PlacedNode::id, Function.identity()));
        assertThat(layout.edges()).hasSameSizeAs(graph.edges).allSatisfy(placed -> {
            PlacedNode from = nodes.get(placed.edge().from());
            PlacedNode to = nodes.get(placed.edge().to());
            if (placed.reversed()) {
                assertThat(placed.edge().orders()).isFalse();
                assertThat(from.x()).isGreaterThan(to.x());
            } else {
                assertThat(from.x()).isLessThan(to.x());
            }
        });
    }

    @Test
    @DisplayName("The same graph gives the same picture")
    void deterministic() {
        Graph graph = Graph.random(42);

        assertThat(TopologyLayout.of(graph.ids, graph.edges)).isEqualTo(TopologyLayout.of(graph.ids, graph.edges));
    }

    @Test
    @DisplayName("An edge starts at the right of what is needed and ends at the left of who needs it")
    void edgesTouchTheirNodes() {
        Layout layout = TopologyLayout.of(SHOP, SHOP_EDGES);

        Map<String, PlacedNode> nodes =
                layout.nodes().stream().collect(Collectors.toMap(PlacedNode::id, Function.identity()));
        assertThat(layout.edges()).allSatisfy(placed -> {
            PlacedNode from = nodes.get(placed.edge().from());
            PlacedNode to = nodes.get(placed.edge().to());
            int middle = TopologyLayout.NODE_HEIGHT / 2;
            assertThat(placed.path())
                    .startsWith("M" + (from.x() + TopologyLayout.NODE_WIDTH) + " " + (from.y() + middle) + "C")
                    .endsWith(" " + to.x() + " " + (to.y() + middle));
        });
    }

    @Test
    @DisplayName("What needs nothing stands right before who needs it first")
    void sourcesStandNearTheirUsers() {
        Layout layout = TopologyLayout.of(SHOP, SHOP_EDGES);

        assertThat(layout.columns()).isEqualTo(4);
        assertThat(layout.nodes())
                .filteredOn(node -> node.id().equals("cache"))
                .singleElement()
                .extracting(PlacedNode::column)
                .isEqualTo(1);
    }

    @Test
    @DisplayName("A cycle of edges that order, which no document may have, is drawn all the same")
    void evenForbiddenCyclesAreDrawn() {
        Layout layout =
                TopologyLayout.of(List.of("a", "b", "c"), List.of(needs("a", "b"), needs("b", "c"), needs("c", "a")));

        assertThat(layout.edges())
                .hasSize(3)
                .filteredOn(edge -> edge.reversed())
                .hasSize(1);
    }

    @Test
    @DisplayName("Unknown nodes, loops and doubles are left out; nothing at all is an empty picture")
    void oddInput() {
        assertThat(TopologyLayout.of(List.of("a"), List.of(needs("a", "a"), needs("a", "gone")))
                        .edges())
                .isEmpty();
        assertThat(TopologyLayout.of(List.of("a", "b"), List.of(needs("a", "b"), needs("a", "b"), needs("a", "b")))
                        .edges())
                .hasSize(1);
        assertThat(TopologyLayout.of(List.of(), List.of()).nodes()).isEmpty();
    }

    @Test
    @DisplayName("200 components that need one database fill a screen, not a tower")
    void fanOutIsBroken() {
        List<String> ids = new ArrayList<>(List.of("db"));
        List<Edge> edges = new ArrayList<>();
        for (int i = 0; i < 199; i++) {
            ids.add("service-" + i);
            edges.add(needs("service-" + i, "db"));
        }

        Layout layout = TopologyLayout.of(ids, edges);

        assertThat(layout.nodes().stream()
                        .collect(Collectors.groupingBy(PlacedNode::column, Collectors.counting()))
                        .values())
                .allMatch(size -> size <= 20);
        assertThat(TopologyLayout.of(
                                IntStream.range(0, 200)
                                        .mapToObj(i -> "alone-" + i)
                                        .toList(),
                                List.of())
                        .columns())
                .isBetween(6, 14);
    }

    private static Edge needs(String dependant, String dependency) {
        return new Edge(dependency, dependant, true);
    }

    private record Graph(List<String> ids, List<Edge> edges) {
        /** Orders only point backwards in the list; links point anywhere. */
        static Graph random(long seed) {
            Random random = new Random(seed);
            int size = 1 + random.nextInt(seed % 4 == 0 ? 200 : 40);
            List<String> ids = IntStream.range(0, size).mapToObj(i -> "c" + i).toList();
            java.util.Set<List<String>> pairs = new java.util.HashSet<>();
            List<Edge> edges = new ArrayList<>();
            for (int i = 0; i < size * 3 / 2; i++) {
                int a = random.nextInt(size);
                int b = random.nextInt(size);
                boolean orders = random.nextInt(5) > 0;
                int from = orders ? Math.min(a, b) : a;
                int to = orders ? Math.max(a, b) : b;
                if (from != to && pairs.add(List.of(ids.get(from), ids.get(to)))) {
                    edges.add(new Edge(ids.get(from), ids.get(to), orders));
                }
            }
            return new Graph(ids, edges);
        }
    }
}
