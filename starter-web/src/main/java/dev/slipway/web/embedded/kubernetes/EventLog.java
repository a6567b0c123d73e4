package dev.slipway.web.embedded.kubernetes;

import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The latest changes, for watches to read from a version on. Beyond {@value #CAPACITY} the oldest are forgotten. */
final class EventLog {
    static final int CAPACITY = 20_000;

    private final ConcurrentSkipListMap<Long, Change> changes = new ConcurrentSkipListMap<>();
    private final Object arrival = new Object();
    private int size;
    private volatile long forgotten;
    private volatile long latest;
    private volatile boolean closed;

    /** @param version everything up to it is forgotten: what was before is not known after a restart */
    EventLog(long version) {
        forgotten = version;
        latest = version;
    }

    /** Called by one thread at a time, with rising versions. */
    void add(Change change) {
        changes.put(change.version(), change);
        if (++size > CAPACITY) {
            forgotten = changes.pollFirstEntry().getKey();
            size--;
        }
        synchronized (arrival) {
            latest = change.version();
            arrival.notifyAll();
        }
    }

    /** The changes after {@code version}; null when some of them are already forgotten. */
    @Nullable
    Collection<Change> after(long version) {
        if (version < forgotten) {
            return null;
        }
        List<Change> found = List.copyOf(changes.tailMap(version, false).values());
        return version < forgotten ? null : found;
    }

    /** Waits until there is something after {@code version}; false when the time is over or the log is closed. */
    boolean await(long version, long milliseconds) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(milliseconds);
        synchronized (arrival) {
            while (latest <= version && !closed) {
                long rest = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
                if (rest <= 0) {
                    return false;
                }
                arrival.wait(rest);
            }
            return !closed;
        }
    }

    boolean isClosed() {
        return closed;
    }

    void close() {
        synchronized (arrival) {
            closed = true;
            arrival.notifyAll();
        }
    }
}
