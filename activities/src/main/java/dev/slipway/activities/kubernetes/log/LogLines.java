package dev.slipway.activities.kubernetes.log;

import dev.slipway.activities.kubernetes.log.LogLine.Kind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;

/**
 * The lines of a container's log as the cluster sends it, each with a time in front. A line of any length takes no more than
 * {@value #LONGEST} bytes of memory: what is behind them is counted, not kept.
 */
final class LogLines implements AutoCloseable {
    static final int LONGEST = 16 << 10;
    private static final int LONGEST_TIME = 40;

    private final String pod;
    private final InputStream in;
    private final byte[] buffer = new byte[32 << 10];
    private int position;
    private int limit;

    LogLines(String pod, InputStream in) {
        this.pod = pod;
        this.in = in;
    }

    /** Waits for the next line; {@code null}: there is none any more. */
    @Nullable
    LogLine next() throws IOException {
        ByteArrayOutputStream kept = new ByteArrayOutputStream(256);
        long cut = 0;
        boolean any = false;
        while (true) {
            if (position == limit) {
                limit = in.read(buffer, 0, buffer.length);
                position = 0;
                if (limit <= 0) {
                    limit = 0;
                    return any ? line(kept, cut) : null;
                }
            }
            any = true;
            int end = position;
            while (end < limit && buffer[end] != '\n') {
                end++;
            }
            int room = Math.min(end - position, LONGEST + LONGEST_TIME - kept.size());
            kept.write(buffer, position, room);
            cut += end - position - room;
            boolean whole = end < limit;
            position = whole ? end + 1 : end;
            if (whole) {
                return line(kept, cut);
            }
        }
    }

    private LogLine line(ByteArrayOutputStream kept, long cut) {
        String text = kept.toString(StandardCharsets.UTF_8);
        if (text.endsWith("\r")) {
            text = text.substring(0, text.length() - 1);
        }
        int space = text.indexOf(' ');
        Instant at = space < 0 || space > LONGEST_TIME ? null : time(text.substring(0, space));
        return new LogLine(Kind.TEXT, pod, at, at == null ? text : text.substring(space + 1), cut);
    }

    private static @Nullable Instant time(String text) {
        try {
            return java.time.OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeParseException e) {
            return null;
        }
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
