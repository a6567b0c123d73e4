package dev.slipway.activities.kubernetes.log;

import dev.slipway.activities.kubernetes.log.LogLine.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;

/**
 * Between those who read from a cluster and one who looks. Who reads never waits; what is not taken in time goes, the oldest
 * first, and is counted. So a log that is faster than its reader costs no more than this buffer.
 */
public final class LogBuffer {
    private static final Comparator<LogLine> BY_TIME =
            Comparator.comparing(LogLine::at, Comparator.nullsFirst(Comparator.<Instant>naturalOrder()));

    /**
     * What there was to take.
     *
     * @param skipped how many lines before these went untaken
     * @param lines by their time
     * @param finished nothing will come any more
     */
    public record Batch(long skipped, List<LogLine> lines, boolean finished) {}

    private final int mostLines;
    private final long mostCharacters;
    private Deque<LogLine> waiting = new ArrayDeque<>();
    private long characters;
    private long skipped;
    private boolean finished;

    public LogBuffer(int mostLines, long mostCharacters) {
        this.mostLines = mostLines;
        this.mostCharacters = mostCharacters;
    }

    synchronized void add(LogLine line) {
        if (finished) {
            return;
        }
        waiting.add(line);
        characters += line.text().length();
        while (waiting.size() > mostLines || (characters > mostCharacters && waiting.size() > 1)) {
            LogLine gone = waiting.remove();
            characters -= gone.text().length();
            if (gone.kind() == Kind.TEXT) {
                skipped++;
            }
        }
        notifyAll();
    }

    /** Nothing will come any more; what waits can still be taken. */
    public synchronized void finish() {
        finished = true;
        notifyAll();
    }

    /**
     * Takes what waits, as soon as there is something, at the latest after a while.
     *
     * @param most how many lines; more than that stay for the next time
     */
    public synchronized Batch take(int most, Duration patience) throws InterruptedException {
        long until = System.nanoTime() + patience.toNanos();
        while (waiting.isEmpty() && !finished) {
            long left = until - System.nanoTime();
            if (left <= 0) {
                break;
            }
            wait(Math.max(1, left / 1_000_000));
        }
        List<LogLine> sorted = new ArrayList<>(waiting);
        sorted.sort(BY_TIME);
        List<LogLine> taken = List.copyOf(sorted.subList(0, Math.min(most, sorted.size())));
        waiting = new ArrayDeque<>(sorted.subList(taken.size(), sorted.size()));
        taken.forEach(line -> characters -= line.text().length());
        long gone = skipped;
        skipped = 0;
        return new Batch(gone, taken, finished && waiting.isEmpty());
    }
}
