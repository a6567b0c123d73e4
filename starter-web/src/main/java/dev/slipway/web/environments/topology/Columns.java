package dev.slipway.web.environments.topology;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/** Which column a node goes to. */
final class Columns {
    /** Of a node that has no edge. */
    static final int ALONE = -1;

    private static final int SHORTEST_FULL_COLUMN = 8;
    // Width to height of a node with its gaps, over the shape of a screen.
    private static final double STRETCH = 1.9;

    private Columns() {}

    /** The longest way from the left decides; a full column hands over to the next one. */
    static int[] of(int nodes, int[][] arcs, boolean[] reversed) {
        List<List<Integer>> next = new ArrayList<>();
        for (int i = 0; i < nodes; i++) {
            next.add(new ArrayList<>());
        }
        int[] open = new int[nodes];
        boolean[] linked = new boolean[nodes];
        for (int i = 0; i < arcs.length; i++) {
            int from = arcs[i][reversed[i] ? 1 : 0];
            int to = arcs[i][reversed[i] ? 0 : 1];
            next.get(from).add(to);
            open[to]++;
            linked[from] = true;
            linked[to] = true;
        }
        boolean[] source = new boolean[nodes];
        int[] column = new int[nodes];
        Arrays.fill(column, ALONE);
        Deque<Integer> ready = new ArrayDeque<>();
        int count = 0;
        for (int i = 0; i < nodes; i++) {
            if (linked[i]) {
                count++;
                source[i] = open[i] == 0;
                if (source[i]) {
                    ready.add(i);
                }
            }
        }
        int full = Math.max(SHORTEST_FULL_COLUMN, (int) Math.ceil(Math.sqrt(count * STRETCH)));
        int[] size = new int[nodes + 1];
        int[] earliest = new int[nodes];
        while (!ready.isEmpty()) {
            int node = ready.remove();
            int place = earliest[node];
            while (size[place] >= full) {
                place++;
            }
            column[node] = place;
            size[place]++;
            for (int follower : next.get(node)) {
                earliest[follower] = Math.max(earliest[follower], place + 1);
                if (--open[follower] == 0) {
                    ready.add(follower);
                }
            }
        }
        pullSources(next, source, column, size, full);
        return column;
    }

    /** What needs nothing stands right before the first that needs it, not far off at the left. */
    private static void pullSources(List<List<Integer>> next, boolean[] source, int[] column, int[] size, int full) {
        for (int i = 0; i < column.length; i++) {
            if (source[i]) {
                int nearest = next.get(i).stream()
                                .mapToInt(follower -> column[follower])
                                .min()
                                .orElse(1)
                        - 1;
                if (nearest > column[i] && size[nearest] < full && size[column[i]] > 1) {
                    size[column[i]]--;
                    size[nearest]++;
                    column[i] = nearest;
                }
            }
        }
    }

    /** How many nodes without edges stand in a row. */
    static int blockWidth(int nodes) {
        return Math.max(3, (int) Math.round(Math.sqrt(nodes / STRETCH)));
    }
}
