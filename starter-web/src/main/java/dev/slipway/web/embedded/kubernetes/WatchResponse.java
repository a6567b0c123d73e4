package dev.slipway.web.embedded.kubernetes;

import dev.slipway.web.embedded.kubernetes.Change.Kind;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes a watch: one JSON event a line. It reads the event log from its own position, so that a slow client costs
 * nothing; one that falls behind the log gets a 410 event and lists anew.
 */
final class WatchResponse {
    private static final long SILENCE_MILLISECONDS = 10_000;

    private final ResourceType type;
    private final String namespace;
    private final Predicate<JsonNode> filter;
    private final EventLog log;
    private final OutputStream out;
    private final boolean bookmarks;

    WatchResponse(
            ResourceType type,
            String namespace,
            Predicate<JsonNode> filter,
            EventLog log,
            OutputStream out,
            boolean bookmarks) {
        this.type = type;
        this.namespace = namespace;
        this.filter = filter;
        this.log = log;
        this.out = out;
        this.bookmarks = bookmarks;
    }

    /** Begins with the objects there are, as a watch without a version does. */
    void begin(Collection<ObjectNode> objects) throws IOException {
        for (ObjectNode object : objects) {
            write("ADDED", object);
        }
        out.flush();
    }

    /**
     * Writes events after {@code version} until the time is over, the log is closed or the client is gone. A bookmark is
     * written when nothing else was for a while, also when much happened that this watch does not show, and at the end:
     * whoever resumes from there need not list anew.
     */
    void follow(long version, long seconds) throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        long spoke = System.nanoTime();
        long position = version;
        long rest = TimeUnit.SECONDS.toMillis(seconds);
        while (rest > 0 && !log.isClosed()) {
            if (log.await(position, Math.min(rest, SILENCE_MILLISECONDS))) {
                Collection<Change> changes = log.after(position);
                if (changes == null) {
                    ApiRefusal expired = ApiRefusal.expired("too old resource version: " + position);
                    write("ERROR", expired.status());
                    out.flush();
                    return;
                }
                for (Change change : changes) {
                    if (write(change)) {
                        spoke = System.nanoTime();
                    }
                    position = change.version();
                }
            }
            rest = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
            boolean silent = System.nanoTime() - spoke >= TimeUnit.MILLISECONDS.toNanos(SILENCE_MILLISECONDS);
            if (bookmarks && (silent || rest <= 0)) {
                bookmark(position);
                spoke = System.nanoTime();
            } else if (silent) {
                // A blank between events is none, but finds out whether the client is still there.
                out.write(' ');
                spoke = System.nanoTime();
            }
            out.flush();
        }
    }

    /** Whether this watch shows it. */
    private boolean write(Change change) throws IOException {
        if (!change.key().type().equals(type)
                || (!namespace.isEmpty() && !namespace.equals(change.key().namespace()))) {
            return false;
        }
        boolean was = change.before() != null && filter.test(change.before());
        boolean is = change.kind() != Kind.DELETED && filter.test(change.after());
        if (is) {
            write(was ? "MODIFIED" : "ADDED", change.after());
        } else if (was && change.before() != null) {
            // What a watcher saw last, with the version of its leaving: also when only the selector was left.
            ObjectNode last = change.before().deepCopy();
            Json.metadata(last).put("resourceVersion", Long.toString(change.version()));
            write("DELETED", last);
        }
        return is || was;
    }

    private void bookmark(long version) throws IOException {
        ObjectNode object = Json.object().put("kind", type.kind()).put("apiVersion", type.apiVersion());
        Json.metadata(object).put("resourceVersion", Long.toString(version));
        write("BOOKMARK", object);
    }

    private void write(String event, ObjectNode object) throws IOException {
        out.write(("{\"type\":\"" + event + "\",\"object\":").getBytes(StandardCharsets.UTF_8));
        out.write(Json.bytes(object));
        out.write("}\n".getBytes(StandardCharsets.UTF_8));
    }
}
