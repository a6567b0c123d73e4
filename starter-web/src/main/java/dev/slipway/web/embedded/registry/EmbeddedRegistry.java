package dev.slipway.web.embedded.registry;

import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.core.StandardContext;
import org.apache.catalina.startup.Tomcat;
import org.jspecify.annotations.Nullable;

/**
 * The running registry: a web server of its own on its own port, with nothing but the distribution protocol. It asks nobody who
 * they are, so it belongs on a loopback address or a closed network.
 */
public final class EmbeddedRegistry implements AutoCloseable {
    /** Left free on the disk for the database and the logs beside the images. */
    private static final long RESERVE = 64L * 1024 * 1024;

    private final Tomcat tomcat;
    private final AtomicBoolean closed = new AtomicBoolean();

    private EmbeddedRegistry(Tomcat tomcat) {
        this.tomcat = tomcat;
    }

    /**
     * Opens or creates the folder and listens. Only one process may use a folder at a time.
     *
     * @param port 0 = any free port, see {@link #port()}
     * @throws ProblemException when the port is taken
     * @throws UncheckedIOException when the folder cannot be used
     */
    public static EmbeddedRegistry start(Path folder, InetAddress address, int port) {
        return start(folder, address, port, DiskSpace.of(folder, RESERVE));
    }

    static EmbeddedRegistry start(Path folder, InetAddress address, int port, DiskSpace space) {
        try {
            RegistryStore store = new RegistryStore(folder, space);
            Tomcat tomcat = server(Files.createDirectories(folder.resolve("server")), address, port);
            serve(tomcat, folder, new RegistryServlet(store));
            EmbeddedRegistry registry = new EmbeddedRegistry(tomcat);
            registry.listen(address, port);
            return registry;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Tomcat server(Path work, InetAddress address, int port) {
        Connector connector = new Connector();
        connector.setPort(port);
        connector.setProperty("address", address.getHostAddress());
        connector.setProperty("maxThreads", "32");
        connector.setProperty("minSpareThreads", "2");
        // Clients read an answer only after they have sent the whole blob, refused or not.
        connector.setProperty("maxSwallowSize", "-1");
        Tomcat tomcat = new Tomcat();
        tomcat.setBaseDir(work.toAbsolutePath().toString());
        tomcat.setPort(port);
        tomcat.setConnector(connector);
        return tomcat;
    }

    private static void serve(Tomcat tomcat, Path folder, RegistryServlet servlet) {
        Context context = tomcat.addContext("", folder.toAbsolutePath().toString());
        Tomcat.addServlet(context, "registry", servlet);
        context.addServletMappingDecoded("/v2/*", "registry");
        // It shares the application's class loader: there is nothing to clear when it stops.
        if (context instanceof StandardContext standard) {
            standard.setClearReferencesRmiTargets(false);
            standard.setClearReferencesThreadLocals(false);
        }
    }

    private void listen(InetAddress address, int port) {
        try {
            tomcat.start();
        } catch (LifecycleException e) {
            abandon();
            throw failed(address, port, e);
        }
        if (port() <= 0) {
            abandon();
            throw failed(address, port, null);
        }
    }

    private void abandon() {
        try {
            tomcat.stop();
            tomcat.destroy();
        } catch (LifecycleException e) {
            // It never ran: the reason why is what the caller must hear.
        }
    }

    /** Tomcat only logs why a connector failed, so the port is asked once more. */
    private static RuntimeException failed(InetAddress address, int port, @Nullable Exception cause) {
        try (ServerSocket socket = new ServerSocket(port, 1, address)) {
            return new IllegalStateException("The embedded registry did not start on " + socket, cause);
        } catch (IOException e) {
            Problem problem = Problem.of(
                    ProblemCode.START_PORT_IN_USE,
                    "embedded registry",
                    "address",
                    address.getHostAddress(),
                    "port",
                    Integer.toString(port),
                    "setting",
                    "slipway.registry.port",
                    "reason",
                    String.valueOf(e.getMessage()));
            return new ProblemException(problem, e);
        }
    }

    /** The port it listens on. */
    public int port() {
        return tomcat.getConnector().getLocalPort();
    }

    /** Stops listening; requests under way are cut off, as by a crash, and leave nothing half done. Safe to repeat. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        try {
            tomcat.stop();
            tomcat.destroy();
        } catch (LifecycleException e) {
            throw new IllegalStateException("The embedded registry did not stop", e);
        }
    }
}
