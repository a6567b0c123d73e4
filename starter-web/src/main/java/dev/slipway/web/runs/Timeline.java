package dev.slipway.web.runs;

import dev.slipway.web.runs.RunView.StepShape;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A run's steps over time, in parts of the whole: who waited, who worked, and which chain of steps decided how long it took.
 *
 * @param milliseconds from the first moment to the last, or to now
 */
public record Timeline(long milliseconds, List<Row> rows) {
    private static final int TICKS = 5;

    public Timeline {
        rows = List.copyOf(rows);
    }

    /**
     * One step.
     *
     * @param waiting while some of what it needs was done and the rest was not; {@code null}: it did not wait
     * @param work {@code null}: it has not begun
     * @param critical it is on the chain that decided the end
     * @param took how long it worked, in milliseconds; -1: it has not begun
     */
    public record Row(
            StepShape step, @Nullable Bar waiting, @Nullable Bar work, boolean critical, long took) {}

    /** In percent of the whole, with a point whatever the language. */
    public record Bar(String x, String width) {}

    /** @param now where steps that go on end for the moment */
    public static Timeline of(List<StepShape> steps, Instant from, Instant now) {
        long begin = from.toEpochMilli();
        long end = begin + 1_000;
        Map<String, StepShape> byId = new HashMap<>();
        for (StepShape step : steps) {
            byId.put(step.id(), step);
            end = Math.max(end, end(step, now));
        }
        long whole = end - begin;
        Set<String> critical = criticalPath(steps, byId, now);
        List<Row> rows = new ArrayList<>();
        for (StepShape step : byStart(steps)) {
            Instant started = step.startedAt();
            long began = started == null ? 0 : started.toEpochMilli();
            Bar work = started == null ? null : bar(began, end(step, now), begin, whole);
            rows.add(new Row(
                    step,
                    wait(step, byId, now, begin, whole),
                    work,
                    critical.contains(step.id()),
                    started == null ? -1 : end(step, now) - began));
        }
        return new Timeline(whole, rows);
    }

    /** As they began; those that did not yet come last, in the order of the plan. */
    private static List<StepShape> byStart(List<StepShape> steps) {
        return steps.stream()
                .sorted(Comparator.comparing(StepShape::startedAt, Comparator.nullsLast(Comparator.naturalOrder())))
                .toList();
    }

    /** Moments to write below, in milliseconds from the beginning. */
    public List<Long> ticks() {
        List<Long> ticks = new ArrayList<>();
        for (int i = 0; i < TICKS; i++) {
            ticks.add(milliseconds * i / (TICKS - 1));
        }
        return ticks;
    }

    private static @Nullable Bar wait(
            StepShape step, Map<String, StepShape> byId, Instant now, long begin, long whole) {
        long first = Long.MAX_VALUE;
        for (String need : step.needs()) {
            StepShape needed = byId.get(need);
            if (needed != null && needed.endedAt() != null) {
                first = Math.min(first, needed.endedAt().toEpochMilli());
            }
        }
        boolean over = step.settled() && step.startedAt() == null;
        if (first == Long.MAX_VALUE || over) {
            return null;
        }
        long until =
                step.startedAt() == null ? now.toEpochMilli() : step.startedAt().toEpochMilli();
        return until - first < whole / 200 ? null : bar(first, until, begin, whole);
    }

    private static long end(StepShape step, Instant now) {
        if (step.startedAt() == null) {
            return 0;
        }
        return step.endedAt() != null ? step.endedAt().toEpochMilli() : now.toEpochMilli();
    }

    /** Backwards from the step that ended last, always to the need that ended last. */
    private static Set<String> criticalPath(List<StepShape> steps, Map<String, StepShape> byId, Instant now) {
        StepShape at = null;
        for (StepShape step : steps) {
            if (step.startedAt() != null && (at == null || end(step, now) > end(at, now))) {
                at = step;
            }
        }
        Set<String> path = new HashSet<>();
        while (at != null && path.add(at.id())) {
            StepShape latest = null;
            for (String need : at.needs()) {
                StepShape needed = byId.get(need);
                if (needed != null
                        && needed.startedAt() != null
                        && (latest == null || end(needed, now) > end(latest, now))) {
                    latest = needed;
                }
            }
            at = latest;
        }
        return path;
    }

    private static Bar bar(long from, long to, long begin, long whole) {
        double x = 100.0 * Math.max(0, from - begin) / whole;
        double width = Math.min(100 - x, Math.max(0.4, 100.0 * (to - from) / whole));
        return new Bar(percent(x), percent(width));
    }

    private static String percent(double value) {
        return String.format(Locale.ROOT, "%.2f%%", value);
    }
}
