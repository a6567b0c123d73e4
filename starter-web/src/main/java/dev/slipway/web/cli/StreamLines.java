package dev.slipway.web.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The lines of a stream that may fall silent, which a plain read would wait for without end. */
final class StreamLines implements AutoCloseable {
    private static final int LONGEST = 16 << 20;

    private record Item(@Nullable String line, @Nullable IOException failure) {}

    private final BlockingQueue<Item> items = new LinkedBlockingQueue<>(1_000);
    private final InputStream in;

    StreamLines(InputStream in) {
        this.in = in;
        Thread reader = new Thread(this::read, "stream");
        reader.setDaemon(true);
        reader.start();
    }

    /**
     * The next line, without its end; {@code null}: the stream has ended.
     *
     * @throws IOException it broke, or nothing came for so long
     */
    @Nullable
    String next(Duration silence) throws IOException {
        try {
            Item item = items.poll(silence.toMillis(), TimeUnit.MILLISECONDS);
            if (item == null) {
                throw new IOException("nothing came for " + silence.toSeconds() + " s");
            }
            if (item.failure() != null) {
                throw item.failure();
            }
            return item.line();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    private void read() {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        byte[] some = new byte[8 << 10];
        try {
            for (int length = in.read(some); length >= 0; length = in.read(some)) {
                for (int i = 0; i < length; i++) {
                    if (some[i] == '\n') {
                        items.put(new Item(line.toString(StandardCharsets.UTF_8), null));
                        line.reset();
                    } else if (line.size() == LONGEST) {
                        throw new IOException("a line is too long");
                    } else {
                        line.write(some[i]);
                    }
                }
            }
            items.put(new Item(null, null));
        } catch (IOException broken) {
            if (!items.offer(new Item(null, broken))) {
                items.clear();
                items.add(new Item(null, broken));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
