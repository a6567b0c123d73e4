package dev.slipway.tests.support;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.internal.SSLUtils;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * Stands before an API server and does to requests what networks and busy servers do. Each connection carries one
 * request, so that a fault meets exactly one. Before a server with TLS it speaks TLS itself, with a certificate of its own.
 */
public final class FaultyProxy implements AutoCloseable {
    /** What happens to a request. */
    public enum Fate {
        PASS,
        /** Answered after five seconds. */
        SLOW,
        TOO_MANY,
        ERROR,
        UNAUTHORIZED,
        /** Passed on with a token that is not accepted: the API server itself refuses it. */
        EXPIRED,
        /** The connection is reset before there is an answer. */
        RESET,
        /** It is reset in the middle of the answer's body; a watch in the middle of what it has just brought. */
        CUT,
        /** The watch is too old. */
        GONE,
        /** There is never an answer. */
        HANG,
        /** The answer begins and never ends. */
        STALL
    }

    /** Decides by the head of a request. */
    public interface Fault {
        Fate of(Request request);
    }

    /** @param head all of it, credentials included */
    public record Request(String method, String target, String head) {
        public boolean watch() {
            return target.contains("watch=true");
        }

        /** What changes something: a question about rights and a dry run are no writes. */
        public boolean write() {
            return !method.equals("GET") && !target.contains("/authorization.k8s.io/") && !target.contains("dryRun=");
        }
    }

    /** A connection as it is spoken on, and the wire below it: only that can be cut without a farewell. */
    private record Line(Socket wire, Socket spoken) implements AutoCloseable {
        InputStream in() throws IOException {
            return spoken.getInputStream();
        }

        OutputStream out() throws IOException {
            return spoken.getOutputStream();
        }

        void reset() {
            try {
                wire.setSoLinger(true, 0);
                wire.close();
            } catch (SocketException e) {
                // closed already
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }

        @Override
        public void close() throws IOException {
            spoken.close();
        }
    }

    private final ServerSocket server;
    private final URI upstream;
    private final @Nullable SSLContext trusted;
    private final @Nullable OwnCertificate own;
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "faulty-proxy");
        thread.setDaemon(true);
        return thread;
    });
    private final Set<Line> open = ConcurrentHashMap.newKeySet();
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private volatile Fault fault = request -> Fate.PASS;
    private volatile boolean away;
    private volatile Duration ahead = Duration.ZERO;

    private FaultyProxy(URI upstream, @Nullable SSLContext trusted) throws IOException {
        this.upstream = upstream;
        this.trusted = trusted;
        this.own = trusted == null ? null : OwnCertificate.create();
        this.server = new ServerSocket(0, 256, InetAddress.getLoopbackAddress());
        threads.execute(this::accept);
    }

    /** @param upstream its address, who signs for it, and the certificate of whoever asks if it has one */
    public static FaultyProxy before(Config upstream) throws IOException {
        URI address = URI.create(upstream.getMasterUrl());
        try {
            return new FaultyProxy(address, address.getScheme().equals("https") ? SSLUtils.sslContext(upstream) : null);
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    /** A kubeconfig for this address, with a token. */
    public Path kubeconfig(Path file, String token) throws IOException {
        String cluster = own == null
                ? "{server: \"http://127.0.0.1:%d\"}".formatted(server.getLocalPort())
                : "{server: \"https://127.0.0.1:%d\", certificate-authority-data: %s}"
                        .formatted(
                                server.getLocalPort(),
                                Base64.getEncoder().encodeToString(own.pem().getBytes(StandardCharsets.US_ASCII)));
        return Files.writeString(file, """
                apiVersion: v1
                kind: Config
                current-context: faulty
                clusters: [{name: faulty, cluster: %s}]
                users: [{name: somebody, user: {token: "%s"}}]
                contexts: [{name: faulty, context: {cluster: faulty, user: somebody}}]
                """.formatted(cluster, token));
    }

    public void fault(Fault wanted) {
        fault = wanted;
    }

    /**
     * All times of day that come from behind it, in heads and bodies, become later by so much, and those that are asked for
     * earlier: as if the clock of the API server and its nodes were ahead.
     *
     * @param wanted whole seconds, negative for a clock that is behind
     */
    public void clockAhead(Duration wanted) {
        ahead = wanted;
        cutAll();
    }

    /** Every connection is cut and every new one closed at once, as by a server that is restarted. */
    public void away(boolean gone) {
        away = gone;
        if (gone) {
            cutAll();
        }
    }

    public void cutAll() {
        open.forEach(Line::reset);
    }

    /** All that came in so far. */
    public List<Request> requests() {
        return List.copyOf(requests);
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket client = server.accept();
                threads.execute(() -> serve(client));
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private void serve(Socket socket) {
        try (Line client = new Line(socket, own == null ? socket : answering(own.tls(), socket))) {
            open.add(client);
            try {
                serve(client);
            } finally {
                open.remove(client);
            }
        } catch (IOException e) {
            // Either side went away: that is what this is for.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Socket answering(SSLContext tls, Socket socket) throws IOException {
        SSLSocket spoken = (SSLSocket) tls.getSocketFactory().createSocket(socket, null, socket.getPort(), true);
        spoken.setUseClientMode(false);
        return spoken;
    }

    private void serve(Line client) throws IOException, InterruptedException {
        client.wire().setTcpNoDelay(true);
        String head = head(client.in());
        if (head.isEmpty()) {
            return;
        }
        String[] first = head.substring(0, head.indexOf("\r\n")).split(" ", -1);
        Request request = new Request(first[0], first[1], head);
        requests.add(request);
        Fate fate = away ? Fate.RESET : fault.of(request);
        switch (fate) {
            case RESET -> client.reset();
            case HANG -> client.in().transferTo(OutputStream.nullOutputStream());
            case TOO_MANY -> answer(client, "429 Too Many Requests", "TooManyRequests", 429);
            case ERROR -> answer(client, "500 Internal Server Error", "InternalError", 500);
            case UNAUTHORIZED -> answer(client, "401 Unauthorized", "Unauthorized", 401);
            case GONE -> answer(client, "410 Gone", "Expired", 410);
            default -> pass(client, head, fate);
        }
    }

    private void pass(Line client, String head, Fate fate) throws IOException, InterruptedException {
        if (fate == Fate.SLOW) {
            Thread.sleep(5_000);
        }
        Socket wire = new Socket(upstream.getHost(), upstream.getPort());
        try (Line server = new Line(
                wire,
                trusted == null
                        ? wire
                        : trusted.getSocketFactory()
                                .createSocket(wire, upstream.getHost(), upstream.getPort(), true))) {
            wire.setTcpNoDelay(true);
            Duration shift = ahead;
            ShiftedTimes times = new ShiftedTimes(shift);
            String asked = forwarded(head, fate);
            server.out().write((shift.isZero() ? asked : times.unchunked(asked)).getBytes(StandardCharsets.US_ASCII));
            threads.execute(() -> pump(client, server));
            String answer = head(server.in());
            InputStream answers = server.in();
            if (!shift.isZero()) {
                answer = times.head(answer);
                answers = times.body(answers);
            }
            client.out().write(answer.getBytes(StandardCharsets.ISO_8859_1));
            client.out().flush();
            byte[] buffer = new byte[16_384];
            for (int n = answers.read(buffer); n >= 0; n = answers.read(buffer)) {
                boolean whole = fate != Fate.STALL && fate != Fate.CUT;
                client.out().write(buffer, 0, whole ? n : n / 2);
                client.out().flush();
                if (fate == Fate.STALL) {
                    Thread.sleep(120_000);
                }
                if (!whole) {
                    client.reset();
                    return;
                }
            }
        }
    }

    private static String forwarded(String head, Fate fate) {
        List<String> lines = new ArrayList<>(List.of(head.strip().split("\r\n")));
        lines.removeIf(line -> Stream.of("connection:", "upgrade:", "http2-settings:", "sec-websocket")
                .anyMatch(line.toLowerCase(Locale.ROOT)::startsWith));
        if (fate == Fate.EXPIRED) {
            lines.replaceAll(line -> line.toLowerCase(Locale.ROOT).startsWith("authorization:")
                    ? "Authorization: Bearer expired"
                    : line);
        }
        lines.add("Connection: close");
        return String.join("\r\n", lines) + "\r\n\r\n";
    }

    private static void pump(Line from, Line to) {
        try {
            from.in().transferTo(to.out());
            to.close(); // who has asked is no longer there
        } catch (IOException e) {
            to.reset();
        }
    }

    private static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.length() < 65_536 && !head.toString().endsWith("\r\n\r\n")) {
            int c = in.read();
            if (c < 0) {
                return "";
            }
            head.append((char) c);
        }
        return head.toString();
    }

    private static void answer(Line client, String status, String reason, int code) throws IOException {
        byte[] body = ("{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"status\":\"Failure\",\"reason\":\"" + reason
                        + "\",\"message\":\"provoked: " + reason + "\",\"code\":" + code + "}")
                .getBytes(StandardCharsets.UTF_8);
        String head = "HTTP/1.1 " + status + "\r\nContent-Type: application/json\r\nConnection: close\r\n"
                + (code == 429 ? "Retry-After: 1\r\n" : "") + "Content-Length: " + body.length + "\r\n\r\n";
        client.out().write(head.getBytes(StandardCharsets.US_ASCII));
        client.out().write(body);
        client.out().flush();
        client.spoken().shutdownOutput();
        client.spoken().setSoTimeout(1_000);
        client.in().transferTo(OutputStream.nullOutputStream());
    }

    @Override
    public void close() throws IOException {
        server.close();
        cutAll();
        threads.shutdownNow();
    }
}
