package dev.slipway.web.environments.topology;

import dev.slipway.web.environments.topology.TopologyLayout.Edge;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** Finds the edges to turn around so that no cycle is left. */
final class Cycles {
    private Cycles() {}

    /**
     * Edges that order come first and keep their direction as long as they can; an edge that would close a cycle with those
     * taken before it is turned around. Turned around it closes none: the way back exists already.
     */
    static boolean[] reversed(int nodes, int[][] arcs, List<Edge> edges) {
        List<List<Integer>> next = new ArrayList<>();
        for (int i = 0; i < nodes; i++) {
            next.add(new ArrayList<>());
        }
        boolean[] reversed = new boolean[arcs.length];
        for (boolean orders : new boolean[] {true, false}) {
            for (int i = 0; i < arcs.length; i++) {
                if (edges.get(i).orders() == orders) {
                    reversed[i] = reaches(next, arcs[i][1], arcs[i][0]);
                    if (reversed[i]) {
                        next.get(arcs[i][1]).add(arcs[i][0]);
                    } else {
                        next.get(arcs[i][0]).add(arcs[i][1]);
                    }
                }
            }
        }
        return reversed;
    }

    private static boolean reaches(List<List<Integer>> next, int from, int to) {
        boolean[] seen = new boolean[next.size()];
        Deque<Integer> open = new ArrayDeque<>(List.of(from));
        seen[from] = true;
        while (!open.isEmpty()) {
            int node = open.pop();
            if (node == to) {
                return true;
            }
            for (int follower : next.get(node)) {
                if (!seen[follower]) {
                    seen[follower] = true;
                    open.push(follower);
                }
            }
        }
        return false;
    }
}
