package dev.slipway.web.environments.topology;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Places components in columns, left to right in the order in which they can start. Equal input gives equal output.
 *
 * <ol>
 *   <li>edges that close a cycle are turned around, {@code linked} ones before any other;
 *   <li>every node goes one column right of what it needs; a full column overflows to the next;
 *   <li>edges that pass a column get a place in it, so that they run beside nodes and not through them;
 *   <li>columns are ordered by the mean place of their neighbours, back and forth; the order with the fewest crossings wins;
 *   <li>heights follow the neighbours as far as the order and the gaps allow;
 *   <li>nodes without any edge fill a block of rows below.
 * </ol>
 *
 * After Sugiyama, Tagawa and Toda, "Methods for visual understanding of hierarchical system structures" (1981).
 */
public final class TopologyLayout {
    public static final int NODE_WIDTH = 184;
    public static final int NODE_HEIGHT = 66;
    public static final int GAP_X = 40;
    public static final int GAP_Y = 18;
    private static final int MARGIN = 6;
    private static final int BLOCK_GAP = 34;

    /**
     * Something that {@code to} needs of {@code from}.
     *
     * @param orders false: a link without order, the first to be turned around in a cycle
     */
    public record Edge(String from, String to, boolean orders) {}

    /** Top left corner, in pixels of the picture. */
    public record PlacedNode(String id, int column, int x, int y) {}

    /**
     * @param path an SVG path
     * @param reversed drawn against the flow, because it closes a cycle
     */
    public record PlacedEdge(Edge edge, String path, boolean reversed) {}

    /** @param columns at least 1 where there are nodes */
    public record Layout(int width, int height, int columns, List<PlacedNode> nodes, List<PlacedEdge> edges) {
        public Layout {
            nodes = List.copyOf(nodes);
            edges = List.copyOf(edges);
        }
    }

    private TopologyLayout() {}

    /**
     * @param ids every node once, in the document's order, which decides where nothing else does
     * @param edges those that name an unknown node, or one node twice, are left out
     */
    public static Layout of(List<String> ids, List<Edge> edges) {
        Map<String, Integer> index = new LinkedHashMap<>();
        ids.forEach(id -> index.putIfAbsent(id, index.size()));
        List<String> names = List.copyOf(index.keySet());
        List<Edge> drawn = new ArrayList<>();
        Set<List<String>> pairs = new LinkedHashSet<>();
        for (Edge edge : edges) {
            boolean known = index.containsKey(edge.from()) && index.containsKey(edge.to());
            if (known && !edge.from().equals(edge.to()) && pairs.add(List.of(edge.from(), edge.to()))) {
                drawn.add(edge);
            }
        }
        int[][] arcs = new int[drawn.size()][];
        for (int i = 0; i < arcs.length; i++) {
            arcs[i] = new int[] {
                index.get(drawn.get(i).from()), index.get(drawn.get(i).to())
            };
        }
        boolean[] reversed = Cycles.reversed(names.size(), arcs, drawn);
        int[] column = Columns.of(names.size(), arcs, reversed);
        ColumnGraph graph = new ColumnGraph(names.size(), arcs, reversed, column);
        graph.order();
        graph.settle();
        return draw(names, drawn, reversed, graph, column);
    }

    private static Layout draw(
            List<String> names, List<Edge> drawn, boolean[] reversed, ColumnGraph graph, int[] column) {
        List<PlacedNode> nodes = new ArrayList<>();
        int columns = 0;
        int bottom = 0;
        List<Integer> alone = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            if (column[i] == Columns.ALONE) {
                alone.add(i);
            } else {
                columns = Math.max(columns, column[i] + 1);
                bottom = Math.max(bottom, graph.top(i) + NODE_HEIGHT);
            }
        }
        bottom = Math.max(bottom, graph.lowest());
        int perRow = Math.max(columns, Math.min(alone.size(), Columns.blockWidth(alone.size())));
        int blockTop = bottom == 0 ? 0 : bottom + BLOCK_GAP;
        for (int i = 0; i < names.size(); i++) {
            int place = alone.indexOf(i);
            int col = place < 0 ? column[i] : place % perRow;
            int y = place < 0 ? graph.top(i) : blockTop + place / perRow * (NODE_HEIGHT + GAP_Y);
            nodes.add(new PlacedNode(names.get(i), col, x(col), y + MARGIN));
        }
        int rows = alone.isEmpty() ? 0 : (alone.size() + perRow - 1) / perRow;
        int height = rows == 0 ? bottom : blockTop + rows * (NODE_HEIGHT + GAP_Y) - GAP_Y;
        columns = Math.max(columns, alone.isEmpty() ? 0 : perRow);
        List<PlacedEdge> placed = new ArrayList<>();
        for (int i = 0; i < drawn.size(); i++) {
            placed.add(new PlacedEdge(drawn.get(i), path(graph, i), reversed[i]));
        }
        int width = columns == 0 ? 0 : x(columns - 1) + NODE_WIDTH + MARGIN;
        return new Layout(width, height + 2 * MARGIN, columns, nodes, placed);
    }

    private static String path(ColumnGraph graph, int edge) {
        int[] way = graph.way(edge);
        StringBuilder path = new StringBuilder();
        int x = x(graph.columnOf(way[0])) + NODE_WIDTH;
        int y = graph.center(way[0]) + MARGIN;
        path.append('M').append(x).append(' ').append(y);
        for (int i = 1; i < way.length; i++) {
            int toX = x(graph.columnOf(way[i]));
            int toY = graph.center(way[i]) + MARGIN;
            int bend = (x + toX) / 2;
            path.append('C')
                    .append(bend)
                    .append(' ')
                    .append(y)
                    .append(' ')
                    .append(bend)
                    .append(' ')
                    .append(toY)
                    .append(' ')
                    .append(toX)
                    .append(' ')
                    .append(toY);
            x = toX;
            y = toY;
            if (i < way.length - 1) {
                x += NODE_WIDTH;
                path.append('H').append(x);
            }
        }
        return path.toString();
    }

    private static int x(int column) {
        return MARGIN + column * (NODE_WIDTH + GAP_X);
    }
}
