package dev.slipway.activities.outbound;

import dev.slipway.activities.outbound.OutboundGuard.Checked;
import dev.slipway.activities.threads.DaemonThreads;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ProtocolException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/**
 * Posts a small body, once: to the address that the guard checked, following no redirect, within one time for all of it, and reading no
 * more of the answer than is worth showing. HTTP/1.1, one connection for each post.
 */
public final class OutboundPost {
    private static final int LARGEST_HEAD = 32 * 1024;
    private static final int LARGEST_SHOWN = 4 * 1024;
    private static final Duration CONNECT = Duration.ofSeconds(5);

    /** Ends what takes too long: reading and writing on a socket heed nothing but its end. */
    private static final ScheduledExecutorService CLOCK =
            Executors.newSingleThreadScheduledExecutor(DaemonThreads.named("outbound-limit"));

    private final OutboundGuard guard;
    private final SSLSocketFactory tls;
    private final Duration limit;

    /**
     * @param tls who is believed
     * @param limit of one post, from the look-up to the end of the answer
     */
    public OutboundPost(OutboundGuard guard, SSLSocketFactory tls, Duration limit) {
        this.guard = guard;
        this.tls = tls;
        this.limit = limit;
    }

    /** Most time that a post takes, but for the look-up of the name. */
    public Duration limit() {
        return limit;
    }

    /**
     * @param headers by lower-case name
     * @param body its beginning, as text
     */
    public record Answer(int status, Map<String, String> headers, String body) {
        public Answer {
            headers = Map.copyOf(headers);
        }
    }

    /**
     * @param headers beside {@code Host}, {@code Content-Length} and {@code Connection}
     * @throws dev.slipway.workflows.problem.ProblemException {@code SLP-OUTBOUND-REFUSED}
     * @throws IOException when no whole answer came in time; the other side may have got the body all the same
     */
    public Answer post(URI to, Map<String, String> headers, byte[] body) throws IOException {
        Checked host = guard.check(to);
        boolean encrypted = to.getScheme().equalsIgnoreCase("https");
        int port = to.getPort() >= 0 ? to.getPort() : encrypted ? 443 : 80;
        long end = System.nanoTime() + limit.toNanos();
        try (Socket plain = PinnedSockets.connect(host, port, (int) Math.min(limit.toMillis(), CONNECT.toMillis()))) {
            ScheduledFuture<?> ending =
                    CLOCK.schedule(() -> close(plain), Math.max(1, end - System.nanoTime()), TimeUnit.NANOSECONDS);
            try (Socket socket = encrypted ? encrypted(plain, host, port) : plain) {
                socket.setSoTimeout((int) limit.toMillis());
                send(socket.getOutputStream(), to, host, headers, body);
                return answer(new BufferedInputStream(socket.getInputStream()));
            } catch (IOException e) {
                throw System.nanoTime() >= end ? new SocketTimeoutException("no whole answer in time") : e;
            } finally {
                ending.cancel(false);
            }
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // It is closed then.
        }
    }

    private Socket encrypted(Socket plain, Checked host, int port) throws IOException {
        SSLSocket socket = (SSLSocket) tls.createSocket(plain, host.host(), port, true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);
        socket.setSoTimeout((int) limit.toMillis());
        socket.startHandshake();
        return socket;
    }

    private static void send(OutputStream out, URI to, Checked host, Map<String, String> headers, byte[] body)
            throws IOException {
        String path = to.getRawPath() == null || to.getRawPath().isEmpty() ? "/" : to.getRawPath();
        StringBuilder head = new StringBuilder("POST ")
                .append(path)
                .append(to.getRawQuery() == null ? "" : "?" + to.getRawQuery())
                .append(" HTTP/1.1\r\nHost: ")
                .append(host.host().contains(":") ? "[" + host.host() + "]" : host.host())
                .append(to.getPort() < 0 ? "" : ":" + to.getPort())
                .append("\r\nConnection: close\r\nContent-Length: ")
                .append(body.length)
                .append("\r\n");
        new TreeMap<>(headers).forEach((name, value) -> head.append(header(name, value)));
        // In one piece, so that a receiver which answers early has all of it.
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
        all.writeBytes(body);
        all.writeTo(out);
        out.flush();
    }

    private static String header(String name, String value) {
        if ((name + value).chars().anyMatch(c -> c < ' ' || c > '~')) {
            throw new IllegalArgumentException("header " + name + " has characters that it may not have");
        }
        return name + ": " + value + "\r\n";
    }

    private static Answer answer(InputStream in) throws IOException {
        int[] left = {LARGEST_HEAD};
        while (true) {
            String[] first = line(in, left).split(" ", 3);
            if (first.length < 2 || !first[0].startsWith("HTTP/1.") || !first[1].matches("[1-5]\\d\\d")) {
                throw new ProtocolException("the answer is not HTTP");
            }
            Map<String, String> headers = new TreeMap<>();
            for (String line = line(in, left); !line.isEmpty(); line = line(in, left)) {
                int colon = line.indexOf(':');
                if (colon > 0) {
                    headers.putIfAbsent(
                            line.substring(0, colon).strip().toLowerCase(Locale.ROOT),
                            line.substring(colon + 1).strip());
                }
            }
            int status = Integer.parseInt(first[1]);
            if (status >= 200) {
                return new Answer(status, headers, body(in, headers, left));
            }
        }
    }

    /** The status says whether it arrived: what is wrong with the rest of the answer is no matter. */
    private static String body(InputStream in, Map<String, String> headers, int[] left) {
        ByteArrayOutputStream shown = new ByteArrayOutputStream();
        try {
            if (headers.getOrDefault("transfer-encoding", "")
                    .toLowerCase(Locale.ROOT)
                    .contains("chunked")) {
                for (int size = chunk(in, left); size > 0 && shown.size() < LARGEST_SHOWN; size = chunk(in, left)) {
                    shown.writeBytes(in.readNBytes(Math.min(size, LARGEST_SHOWN)));
                    if (size > LARGEST_SHOWN) {
                        break;
                    }
                    line(in, left);
                }
            } else {
                String length = headers.getOrDefault("content-length", "");
                int known = length.matches("\\d{1,9}") ? Integer.parseInt(length) : LARGEST_SHOWN;
                shown.writeBytes(in.readNBytes(Math.min(known, LARGEST_SHOWN)));
            }
        } catch (IOException | NumberFormatException incomplete) {
            // What came is shown.
        }
        return shown.toString(StandardCharsets.UTF_8);
    }

    private static int chunk(InputStream in, int[] left) throws IOException {
        return Integer.parseInt(line(in, left).replaceFirst(";.*", "").strip(), 16);
    }

    private static String line(InputStream in, int[] left) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new ProtocolException("the connection was closed before there was an answer");
            }
            if (--left[0] < 0) {
                throw new ProtocolException("the head of the answer is too long");
            }
            if (c != '\r') {
                line.write(c);
            }
        }
        return line.toString(StandardCharsets.ISO_8859_1);
    }
}
