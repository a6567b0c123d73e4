package dev.slipway.tests.support;

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
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Stands before an API server and does to requests what networks and busy servers do. Each connection carries one
 * request, so that a fault meets exactly one.
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
        /** The connection is reset before there is an answer. */
        RESET,
        /** It is reset in the middle of the answer; a watch after what it has just brought. */
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

    private final ServerSocket server;
    private final URI upstream;
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "faulty-proxy");
        thread.setDaemon(true);
        return thread;
    });
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private volatile Fault fault = request -> Fate.PASS;
    private volatile boolean away;

    private FaultyProxy(URI upstream) throws IOException {
        this.upstream = upstream;
        this.server = new ServerSocket(0, 256, InetAddress.getLoopbackAddress());
        threads.execute(this::accept);
    }

    /** @param upstream a plain HTTP address */
    public static FaultyProxy before(String upstream) throws IOException {
        return new FaultyProxy(URI.create(upstream));
    }

    /** A kubeconfig for this address, with a token. */
    public Path kubeconfig(Path file, String token) throws IOException {
        return Files.writeString(file, """
                apiVersion: v1
                kind: Config
                current-context: faulty
                clusters: [{name: faulty, cluster: {server: "http://127.0.0.1:%d"}}]
                users: [{name: somebody, user: {token: "%s"}}]
                contexts: [{name: faulty, context: {cluster: faulty, user: somebody}}]
                """.formatted(server.getLocalPort(), token));
    }

    public void fault(Fault wanted) {
        fault = wanted;
    }

    /** Every connection is cut and every new one closed at once, as by a server that is restarted. */
    public void away(boolean gone) {
        away = gone;
        if (gone) {
            cutAll();
        }
    }

    public void cutAll() {
        open.forEach(FaultyProxy::reset);
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

    private void serve(Socket client) {
        open.add(client);
        try (client) {
            client.setTcpNoDelay(true);
            String head = head(client.getInputStream());
            if (head.isEmpty()) {
                return;
            }
            String[] first = head.substring(0, head.indexOf("\r\n")).split(" ", -1);
            Request request = new Request(first[0], first[1], head);
            requests.add(request);
            Fate fate = away ? Fate.RESET : fault.of(request);
            switch (fate) {
                case RESET -> reset(client);
                case HANG -> client.getInputStream().transferTo(OutputStream.nullOutputStream());
                case TOO_MANY -> answer(client, "429 Too Many Requests", "TooManyRequests", 429);
                case ERROR -> answer(client, "500 Internal Server Error", "InternalError", 500);
                case UNAUTHORIZED -> answer(client, "401 Unauthorized", "Unauthorized", 401);
                case GONE -> answer(client, "410 Gone", "Expired", 410);
                default -> pass(client, head, fate);
            }
        } catch (IOException e) {
            // Either side went away: that is what this is for.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            open.remove(client);
        }
    }

    private void pass(Socket client, String head, Fate fate) throws IOException, InterruptedException {
        if (fate == Fate.SLOW) {
            Thread.sleep(5_000);
        }
        try (Socket server = new Socket(upstream.getHost(), upstream.getPort())) {
            server.setTcpNoDelay(true);
            List<String> lines = new ArrayList<>(List.of(head.strip().split("\r\n")));
            lines.removeIf(line -> line.toLowerCase(Locale.ROOT).startsWith("connection:")
                    || line.toLowerCase(Locale.ROOT).startsWith("upgrade:")
                    || line.toLowerCase(Locale.ROOT).startsWith("http2-settings:")
                    || line.toLowerCase(Locale.ROOT).startsWith("sec-websocket"));
            lines.add("Connection: close");
            server.getOutputStream()
                    .write((String.join("\r\n", lines) + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            threads.execute(() -> pump(client, server));
            InputStream answers = server.getInputStream();
            byte[] buffer = new byte[16_384];
            int passed = 0;
            for (int n = answers.read(buffer); n >= 0; n = answers.read(buffer)) {
                if (fate == Fate.STALL) {
                    client.getOutputStream().write(buffer, 0, n - 1);
                    client.getOutputStream().flush();
                    Thread.sleep(120_000);
                    return;
                }
                if (fate == Fate.CUT && passed + n > 400) {
                    client.getOutputStream().write(buffer, 0, Math.max(0, 400 - passed));
                    client.getOutputStream().flush();
                    reset(client);
                    return;
                }
                client.getOutputStream().write(buffer, 0, n);
                client.getOutputStream().flush();
                passed += n;
            }
        }
    }

    private static void pump(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
            to.close(); // who has asked is no longer there
        } catch (IOException e) {
            reset(to);
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

    private static void answer(Socket client, String status, String reason, int code) throws IOException {
        byte[] body = ("{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"status\":\"Failure\",\"reason\":\"" + reason
                        + "\",\"message\":\"provoked: " + reason + "\",\"code\":" + code + "}")
                .getBytes(StandardCharsets.UTF_8);
        String head = "HTTP/1.1 " + status + "\r\nContent-Type: application/json\r\nConnection: close\r\n"
                + (code == 429 ? "Retry-After: 1\r\n" : "") + "Content-Length: " + body.length + "\r\n\r\n";
        client.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
        client.getOutputStream().write(body);
        client.getOutputStream().flush();
        client.shutdownOutput();
        client.setSoTimeout(1_000);
        client.getInputStream().transferTo(OutputStream.nullOutputStream());
    }

    private static void reset(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (SocketException e) {
            // closed already
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        cutAll();
        threads.shutdownNow();
    }
}
