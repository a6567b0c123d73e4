package dev.slipway.activities.git;

import dev.slipway.activities.outbound.OutboundGuard;
import dev.slipway.activities.outbound.PinnedSockets;
import dev.slipway.activities.registry.Trust;
import java.io.IOException;
import java.net.Proxy;
import java.net.URL;
import java.net.URLConnection;
import java.net.URLStreamHandler;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLSocketFactory;
import org.eclipse.jgit.transport.http.HttpConnection;
import org.eclipse.jgit.transport.http.HttpConnectionFactory2;
import org.eclipse.jgit.transport.http.JDKHttpConnection;
import org.jspecify.annotations.Nullable;

/**
 * The http connections of one command: each host of it, also one that another redirected to, is checked once and connected to where it
 * was checked. The configured certificates are believed too.
 */
final class PinnedConnections implements HttpConnectionFactory2 {
    private final OutboundGuard guard;
    private final SSLSocketFactory tls;
    private final Map<String, PinnedSockets> hosts = new ConcurrentHashMap<>();

    PinnedConnections(OutboundGuard guard, SSLSocketFactory tls) {
        this.guard = guard;
        this.tls = tls;
    }

    /** Of all connections, so that sessions are resumed. */
    static SSLSocketFactory tls(List<X509Certificate> trusted) {
        return trusted.isEmpty()
                ? HttpsURLConnection.getDefaultSSLSocketFactory()
                : Trust.with(trusted).getSocketFactory();
    }

    @Override
    public HttpConnection create(URL url) throws IOException {
        return create(url, null);
    }

    @Override
    public HttpConnection create(URL url, @Nullable Proxy proxy) throws IOException {
        PinnedSockets sockets = hosts.get(url.getProtocol() + "://" + url.getHost());
        if (sockets == null) {
            sockets = new PinnedSockets(tls, guard.check(url.getProtocol(), url.getHost()));
            hosts.put(url.getProtocol() + "://" + url.getHost(), sockets);
        }
        URL pinned = new URL(null, url.toExternalForm(), new Handler(sockets));
        return proxy == null ? new Connection(pinned) : new Connection(pinned, proxy);
    }

    @Override
    public GitSession newSession() {
        return new GitSession() {
            @Override
            public HttpConnection configure(HttpConnection connection, boolean verify) {
                return connection; // Certificates are always verified.
            }

            @Override
            public void close() {}
        };
    }

    private static final class Connection extends JDKHttpConnection {
        Connection(URL url) throws IOException {
            super(url);
        }

        Connection(URL url, Proxy proxy) throws IOException {
            super(url, proxy);
        }
    }

    private static final class Handler extends URLStreamHandler {
        private final PinnedSockets sockets;

        Handler(PinnedSockets sockets) {
            this.sockets = sockets;
        }

        @Override
        protected URLConnection openConnection(URL url) throws IOException {
            return pinned(new URL(url.toExternalForm()).openConnection());
        }

        @Override
        protected URLConnection openConnection(URL url, Proxy proxy) throws IOException {
            return pinned(new URL(url.toExternalForm()).openConnection(proxy));
        }

        private URLConnection pinned(URLConnection connection) {
            if (connection instanceof HttpsURLConnection https) {
                https.setSSLSocketFactory(sockets);
            }
            return connection;
        }
    }
}
