package dev.slipway.web.environments.topology;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Nodes in columns, with a waypoint in every column that an edge passes. Places are numbers: those of nodes first, those of
 * waypoints after them.
 */
final class ColumnGraph {
    private static final int SWEEPS = 24;
    private static final int SETTLINGS = 8;
    private static final int WAYPOINT_HEIGHT = 8;

    private final int nodes;
    private final int[][] ways;
    private final List<Integer> columnOf = new ArrayList<>();
    private final List<List<Integer>> before = new ArrayList<>();
    private final List<List<Integer>> after = new ArrayList<>();
    private List<List<Integer>> columns = new ArrayList<>();
    private double[] top = new double[0];

    ColumnGraph(int nodes, int[][] arcs, boolean[] reversed, int[] column) {
        this.nodes = nodes;
        int last = -1;
        for (int i = 0; i < nodes; i++) {
            last = Math.max(last, column[i]);
        }
        for (int i = 0; i <= last; i++) {
            columns.add(new ArrayList<>());
        }
        for (int i = 0; i < nodes; i++) {
            add(column[i]);
        }
        ways = new int[arcs.length][];
        for (int i = 0; i < arcs.length; i++) {
            int from = arcs[i][reversed[i] ? 1 : 0];
            int to = arcs[i][reversed[i] ? 0 : 1];
            int[] way = new int[column[to] - column[from] + 1];
            way[0] = from;
            for (int step = 1; step < way.length; step++) {
                way[step] = step == way.length - 1 ? to : add(column[from] + step);
                after.get(way[step - 1]).add(way[step]);
                before.get(way[step]).add(way[step - 1]);
            }
            ways[i] = way;
        }
    }

    private int add(int column) {
        int place = columnOf.size();
        columnOf.add(column);
        before.add(new ArrayList<>());
        after.add(new ArrayList<>());
        if (column != Columns.ALONE) {
            columns.get(column).add(place);
        }
        return place;
    }

    /** Sorts each column by the mean place of its neighbours, back and forth, and keeps the order with fewest crossings. */
    void order() {
        List<List<Integer>> best = copy();
        long fewest = crossings();
        for (int sweep = 0; sweep < SWEEPS && fewest > 0; sweep++) {
            boolean rightwards = sweep % 2 == 0;
            for (int i = 1; i < columns.size(); i++) {
                sort(rightwards ? i : columns.size() - 1 - i, rightwards ? before : after);
            }
            long now = crossings();
            if (now < fewest) {
                fewest = now;
                best = copy();
            }
        }
        columns = best;
    }

    private void sort(int column, List<List<Integer>> neighbours) {
        double[] weight = new double[columnOf.size()];
        int[] rank = ranks();
        for (int place : columns.get(column)) {
            weight[place] = neighbours.get(place).stream()
                    .mapToInt(neighbour -> rank[neighbour])
                    .average()
                    .orElse(rank[place]);
        }
        columns.get(column).sort(Comparator.comparingDouble(place -> weight[place]));
    }

    private int[] ranks() {
        int[] rank = new int[columnOf.size()];
        for (List<Integer> column : columns) {
            for (int i = 0; i < column.size(); i++) {
                rank[column.get(i)] = i;
            }
        }
        return rank;
    }

    private List<List<Integer>> copy() {
        List<List<Integer>> copy = new ArrayList<>();
        columns.forEach(column -> copy.add(new ArrayList<>(column)));
        return copy;
    }

    /** Pairs of edges that cross, counted as inversions per pair of columns. */
    private long crossings() {
        int[] rank = ranks();
        long crossings = 0;
        for (int i = 0; i + 1 < columns.size(); i++) {
            int[] counted = new int[columns.get(i + 1).size() + 1];
            int all = 0;
            for (int place : columns.get(i)) {
                int[] targets = after.get(place).stream()
                        .mapToInt(follower -> rank[follower])
                        .sorted()
                        .toArray();
                for (int target : targets) {
                    crossings += all - upTo(counted, target);
                }
                for (int target : targets) {
                    for (int k = target + 1; k < counted.length; k += k & -k) {
                        counted[k]++;
                    }
                    all++;
                }
            }
        }
        return crossings;
    }

    private static int upTo(int[] counted, int target) {
        int sum = 0;
        for (int k = target + 1; k > 0; k -= k & -k) {
            sum += counted[k];
        }
        return sum;
    }

    /** Finds heights: each wants to be level with its neighbours, none may overlap. */
    void settle() {
        top = new double[columnOf.size()];
        for (List<Integer> column : columns) {
            double y = 0;
            for (int place : column) {
                top[place] = y;
                y += height(place) + TopologyLayout.GAP_Y;
            }
        }
        for (int round = 0; round < SETTLINGS; round++) {
            boolean rightwards = round % 2 == 0;
            boolean both = round >= SETTLINGS - 2;
            for (int i = 0; i < columns.size(); i++) {
                level(columns.get(rightwards ? i : columns.size() - 1 - i), rightwards || both, !rightwards || both);
            }
        }
        double highest = Arrays.stream(tops()).min().orElse(0);
        for (int place = 0; place < top.length; place++) {
            top[place] = Math.round(top[place] - highest);
        }
    }

    private double[] tops() {
        return columns.stream()
                .flatMap(List::stream)
                .mapToDouble(place -> top[place])
                .toArray();
    }

    /**
     * Moves a column's places as near to what they wish as their order and gaps allow: least squares under an order, solved
     * by joining neighbours that would overlap into one block that moves together.
     */
    private void level(List<Integer> column, boolean lookBack, boolean lookAhead) {
        int size = column.size();
        double[] offset = new double[size];
        double[] mean = new double[size];
        int[] count = new int[size];
        int blocks = 0;
        for (int i = 0; i < size; i++) {
            int place = column.get(i);
            offset[i] = i == 0 ? 0 : offset[i - 1] + height(column.get(i - 1)) + TopologyLayout.GAP_Y;
            mean[blocks] = wish(place, lookBack, lookAhead) - offset[i];
            count[blocks] = 1;
            blocks++;
            while (blocks > 1 && mean[blocks - 2] > mean[blocks - 1]) {
                int joined = count[blocks - 2] + count[blocks - 1];
                mean[blocks - 2] =
                        (mean[blocks - 2] * count[blocks - 2] + mean[blocks - 1] * count[blocks - 1]) / joined;
                count[blocks - 2] = joined;
                blocks--;
            }
        }
        int at = 0;
        for (int block = 0; block < blocks; block++) {
            for (int k = 0; k < count[block]; k++, at++) {
                top[column.get(at)] = mean[block] + offset[at];
            }
        }
    }

    private double wish(int place, boolean lookBack, boolean lookAhead) {
        double sum = 0;
        int count = 0;
        if (lookBack) {
            for (int neighbour : before.get(place)) {
                sum += middle(neighbour);
                count++;
            }
        }
        if (lookAhead) {
            for (int neighbour : after.get(place)) {
                sum += middle(neighbour);
                count++;
            }
        }
        return count == 0 ? top[place] : sum / count - height(place) / 2.0;
    }

    private double middle(int place) {
        return top[place] + height(place) / 2.0;
    }

    private int height(int place) {
        return place < nodes ? TopologyLayout.NODE_HEIGHT : WAYPOINT_HEIGHT;
    }

    int top(int node) {
        return (int) top[node];
    }

    int center(int place) {
        return (int) top[place] + height(place) / 2;
    }

    int columnOf(int place) {
        return columnOf.get(place);
    }

    /** Where the drawing ends below, waypoints included. */
    int lowest() {
        return columns.stream()
                .flatMap(List::stream)
                .mapToInt(place -> (int) top[place] + height(place))
                .max()
                .orElse(0);
    }

    /** The places an edge goes through, left to right. */
    int[] way(int edge) {
        return ways[edge];
    }
}
