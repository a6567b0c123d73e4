package dev.slipway.activities.outbound;

import dev.slipway.activities.outbound.OutboundGuard.Checked;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import javax.net.ssl.SSLSocketFactory;

/**
 * Makes the sockets of one host: they connect to the addresses that were checked, whatever they are told, and then speak TLS with the
 * host by its name.
 */
public final class PinnedSockets extends SSLSocketFactory {
    private final SSLSocketFactory tls;
    private final Checked host;

    public PinnedSockets(SSLSocketFactory tls, Checked host) {
        this.tls = tls;
        this.host = host;
    }

    /** Not connected yet, and not encrypted: {@code HttpURLConnection} puts TLS over it. */
    @Override
    public Socket createSocket() {
        return new PinnedSocket(host);
    }

    @Override
    public Socket createSocket(Socket connected, String name, int port, boolean autoClose) throws IOException {
        return tls.createSocket(connected, name, port, autoClose);
    }

    @Override
    public Socket createSocket(String name, int port) throws IOException {
        return overTls(createSocket(), port);
    }

    @Override
    public Socket createSocket(String name, int port, InetAddress local, int localPort) throws IOException {
        Socket socket = createSocket();
        socket.bind(new InetSocketAddress(local, localPort));
        return overTls(socket, port);
    }

    @Override
    public Socket createSocket(InetAddress address, int port) throws IOException {
        return createSocket(host.host(), port);
    }

    @Override
    public Socket createSocket(InetAddress address, int port, InetAddress local, int localPort) throws IOException {
        return createSocket(host.host(), port, local, localPort);
    }

    private Socket overTls(Socket socket, int port) throws IOException {
        socket.connect(InetSocketAddress.createUnresolved(host.host(), port));
        return tls.createSocket(socket, host.host(), port, true);
    }

    @Override
    public String[] getDefaultCipherSuites() {
        return tls.getDefaultCipherSuites();
    }

    @Override
    public String[] getSupportedCipherSuites() {
        return tls.getSupportedCipherSuites();
    }

    /** Connected to the first checked address that takes it. */
    static Socket connect(Checked host, int port, int timeoutMillis) throws IOException {
        IOException last = new UnknownHostException(host.host());
        for (InetAddress address : host.addresses()) {
            Socket socket = new Socket(java.net.Proxy.NO_PROXY);
            try {
                socket.connect(new InetSocketAddress(address, port), timeoutMillis);
                return socket;
            } catch (SocketTimeoutException e) {
                socket.close();
                throw e;
            } catch (IOException e) {
                socket.close();
                last = e;
            }
        }
        throw last;
    }

    private static final class PinnedSocket extends Socket {
        private final Checked host;

        PinnedSocket(Checked host) {
            super(java.net.Proxy.NO_PROXY);
            this.host = host;
        }

        @Override
        public void connect(SocketAddress asked) throws IOException {
            connect(asked, 0);
        }

        @Override
        public void connect(SocketAddress asked, int timeoutMillis) throws IOException {
            int port = ((InetSocketAddress) asked).getPort();
            // A socket that failed to connect cannot be used again: the first address has to do.
            super.connect(new InetSocketAddress(host.addresses().get(0), port), timeoutMillis);
        }
    }
}
