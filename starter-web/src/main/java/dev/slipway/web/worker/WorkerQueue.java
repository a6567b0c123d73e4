package dev.slipway.web.worker;

import java.util.List;

/**
 * One task queue and what this process does for it.
 *
 * @param name as callers know it
 * @param workflows implementation classes
 * @param activities implementation objects, safe for use by many threads
 * @param parallel at most this many activities at once
 */
public record WorkerQueue(String name, List<Class<?>> workflows, List<Object> activities, int parallel) {
    public WorkerQueue {
        workflows = List.copyOf(workflows);
        activities = List.copyOf(activities);
        if (parallel < 1) {
            throw new IllegalArgumentException("parallel is at least 1");
        }
    }
}
