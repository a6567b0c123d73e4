package dev.slipway.web.environments.topology;

import dev.slipway.web.environments.topology.TopologyLayout.Edge;
import dev.slipway.web.environments.topology.TopologyLayout.Layout;
import dev.slipway.web.environments.topology.TopologyLayout.PlacedNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The picture of a topology, ready to be written down: everything is placed and cut to size, every text is the reader's.
 *
 * @param columns how wide it is in nodes, which decides whether it is scaled to the page or scrolled
 */
public record TopologySvg(int width, int height, int columns, List<NodeShape> nodes, List<EdgeShape> edges) {
    // Average advances of the two fonts at their sizes, in pixels; wide scripts count twice.
    private static final double NAME_ADVANCE = 7.6;
    private static final double SUB_ADVANCE = 6.7;
    private static final double WHY_ADVANCE = 5.9;
    private static final int INSET = 14;
    private static final int NAME_LEFT = 36;

    public TopologySvg {
        nodes = List.copyOf(nodes);
        edges = List.copyOf(edges);
    }

    /**
     * A component to be drawn.
     *
     * @param count {@code 2/2}, or a word for what has no replicas
     * @param stateWord the state as the reader calls it
     * @param reason second line below the name; empty: none
     * @param href where it leads
     */
    public record Node(
            String name,
            String state,
            String stateWord,
            String count,
            String source,
            String reason,
            String href,
            boolean chosen) {}

    /**
     * A dependency to be drawn.
     *
     * @param text who needs what, and whether it is met, in a sentence
     */
    public record Need(String dependant, String dependency, boolean orders, boolean met, String text) {}

    /** {@code short…} are cut to the width that there is; {@code label} is the whole for those who cannot see it. */
    public record NodeShape(
            Node node, int x, int y, String shortName, String shortSource, String shortReason, String label) {}

    public record EdgeShape(String path, boolean met, boolean linked, String text) {}

    /** Whether it is wider than a page shows legibly: then it is scrolled, not scaled. */
    public boolean big() {
        return columns > 5;
    }

    /** Whether it wants the whole width of the page. */
    public boolean wide() {
        return columns > 3;
    }

    public static TopologySvg of(List<Node> nodes, List<Need> needs) {
        Layout layout = TopologyLayout.of(
                nodes.stream().map(Node::name).toList(),
                needs.stream()
                        .map(need -> new Edge(need.dependency(), need.dependant(), need.orders()))
                        .toList());
        Map<String, Node> byName = new HashMap<>();
        nodes.forEach(node -> byName.putIfAbsent(node.name(), node));
        Map<Edge, Need> byEdge = new HashMap<>();
        needs.forEach(need -> byEdge.putIfAbsent(new Edge(need.dependency(), need.dependant(), need.orders()), need));
        List<NodeShape> shapes = new ArrayList<>();
        for (PlacedNode placed : layout.nodes()) {
            Node node = byName.get(placed.id());
            if (node != null) {
                shapes.add(shape(placed, node));
            }
        }
        List<EdgeShape> edges = new ArrayList<>();
        layout.edges().forEach(placed -> {
            Need need = byEdge.get(placed.edge());
            if (need != null) {
                edges.add(new EdgeShape(placed.path(), need.met(), !need.orders(), need.text()));
            }
        });
        return new TopologySvg(layout.width(), layout.height(), layout.columns(), shapes, edges);
    }

    private static NodeShape shape(PlacedNode placed, Node node) {
        double forName = TopologyLayout.NODE_WIDTH - NAME_LEFT - INSET - 8 - width(node.count()) * SUB_ADVANCE;
        double line = TopologyLayout.NODE_WIDTH - 2.0 * INSET;
        List<String> parts = new ArrayList<>(List.of(node.name(), node.stateWord(), node.count()));
        parts.add(node.source());
        parts.add(node.reason());
        parts.removeIf(String::isEmpty);
        return new NodeShape(
                node,
                placed.x(),
                placed.y(),
                cut(node.name(), (int) (forName / NAME_ADVANCE)),
                cut(node.source(), (int) (line / SUB_ADVANCE)),
                cut(node.reason(), (int) (line / WHY_ADVANCE)),
                String.join(", ", parts));
    }

    /** Cuts a text to a number of half-width columns; what is cut ends in an ellipsis. */
    static String cut(String text, int columns) {
        if (width(text) <= columns) {
            return text;
        }
        StringBuilder kept = new StringBuilder();
        int used = 1;
        for (int point : text.codePoints().toArray()) {
            used += width(point);
            if (used > columns) {
                break;
            }
            kept.appendCodePoint(point);
        }
        return kept.append('…').toString();
    }

    private static int width(String text) {
        return text.codePoints().map(TopologySvg::width).sum();
    }

    /** Ideographs, kana, hangul and full-width forms are twice as wide as a letter. */
    private static int width(int point) {
        return point >= 0x1100 && Character.isIdeographic(point)
                        || (point >= 0x1100 && point <= 0x115f)
                        || (point >= 0x2e80 && point <= 0xd7a3)
                        || (point >= 0xf900 && point <= 0xfaff)
                        || (point >= 0xfe30 && point <= 0xffe6)
                        || point >= 0x1f300
                ? 2
                : 1;
    }
}
