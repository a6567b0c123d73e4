package dev.slipway.workflows.application;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Circles among ordering edges. Each answer names one; with one edge of each linked, no circle is left. */
final class Cycles {
    /** More of them are found once these are mended. */
    static final int MAX = 20;

    record Edge(String from, String to, Dependency.Condition when) {}

    private final Map<String, Map<String, Edge>> edges = new LinkedHashMap<>();

    private Cycles(Collection<Edge> edges) {
        edges.forEach(edge -> this.edges
                .computeIfAbsent(edge.from(), from -> new LinkedHashMap<>())
                .put(edge.to(), edge));
    }

    static List<List<Edge>> among(Collection<Edge> edges) {
        Cycles cycles = new Cycles(edges);
        List<List<Edge>> found = new ArrayList<>();
        while (found.size() < MAX) {
            Optional<String> node = cycles.onACycle();
            if (node.isEmpty()) {
                break;
            }
            List<Edge> cycle = cycles.shortestThrough(node.get());
            found.add(cycle);
            Edge candidate = candidate(cycle);
            cycles.edges.getOrDefault(candidate.from(), new HashMap<>()).remove(candidate.to());
        }
        return found;
    }

    /** The edge that most likely needs no order: the last one that does not wait for a job. */
    static Edge candidate(List<Edge> cycle) {
        Edge candidate = cycle.get(cycle.size() - 1);
        for (Edge edge : cycle) {
            if (edge.when() != Dependency.Condition.COMPLETED) {
                candidate = edge;
            }
        }
        return candidate;
    }

    private Iterator<String> targets(String from) {
        return edges.getOrDefault(from, Map.of()).keySet().iterator();
    }

    /** Depth first, without recursion: a chain may be a thousand long. */
    private Optional<String> onACycle() {
        LinkedHashSet<String> done = new LinkedHashSet<>();
        for (String start : edges.keySet()) {
            Deque<Iterator<String>> open = new ArrayDeque<>();
            LinkedHashSet<String> way = new LinkedHashSet<>();
            Deque<String> names = new ArrayDeque<>();
            if (done.add(start)) {
                open.push(targets(start));
                names.push(start);
                way.add(start);
            }
            while (!open.isEmpty()) {
                if (!open.element().hasNext()) {
                    open.pop();
                    way.remove(names.pop());
                    continue;
                }
                String next = open.element().next();
                if (way.contains(next)) {
                    return Optional.of(next);
                }
                if (done.add(next)) {
                    open.push(targets(next));
                    names.push(next);
                    way.add(next);
                }
            }
        }
        return Optional.empty();
    }

    private List<Edge> shortestThrough(String node) {
        Map<String, Edge> cameBy = new HashMap<>();
        Deque<String> queue = new ArrayDeque<>(List.of(node));
        while (!cameBy.containsKey(node)) {
            String from = queue.remove();
            edges.getOrDefault(from, Map.of()).forEach((to, edge) -> {
                if (cameBy.putIfAbsent(to, edge) == null) {
                    queue.add(to);
                }
            });
        }
        List<Edge> cycle = new ArrayList<>();
        String at = node;
        do {
            Edge edge = cameBy.get(at);
            if (edge == null) {
                throw new IllegalStateException("no way back to " + at);
            }
            cycle.add(edge);
            at = edge.from();
        } while (!at.equals(node));
        Collections.reverse(cycle);
        return cycle;
    }
}
