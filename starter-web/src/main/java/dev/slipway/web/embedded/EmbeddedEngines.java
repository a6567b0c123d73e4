package dev.slipway.web.embedded;

import dev.slipway.activities.store.SecretBox;
import dev.slipway.web.SlipwaySettings;
import dev.slipway.web.SlipwaySettings.Role;
import dev.slipway.web.embedded.kubernetes.SimulatedCluster;
import dev.slipway.web.embedded.registry.EmbeddedRegistry;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts what nobody configured, beside the start of the application: each engine begins at once and is waited for by the
 * first bean that needs it. Closed after everything that uses them.
 */
public final class EmbeddedEngines implements AutoCloseable {
    /** What environments call the simulated cluster. */
    public static final String SIMULATED_CLUSTER = "simulated";

    private static final Logger log = LoggerFactory.getLogger(EmbeddedEngines.class);

    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    private final SlipwaySettings settings;
    private final DataFolder data;
    private final SecretBox secretBox;
    private final @Nullable CompletableFuture<EmbeddedPostgres> postgres;
    private final CompletableFuture<TemporalEngine> temporal;
    private final @Nullable CompletableFuture<EmbeddedRegistry> registry;
    private final @Nullable CompletableFuture<SimulatedCluster> cluster;
    private boolean closed;

    private EmbeddedEngines(SlipwaySettings settings, DataFolder data) {
        this.settings = settings;
        this.data = data;
        this.secretBox = MasterKeys.load(
                settings.security().masterKey(), settings.security().oldMasterKeys(), data);
        this.postgres = settings.database().url() == null
                ? begin("postgresql", () -> EmbeddedPostgres.start(data, settings.cacheFolder()))
                : null;
        this.temporal = begin("temporal", () -> TemporalEngine.start(settings.temporal(), data));
        this.registry = settings.registry().address() == null
                ? begin(
                        "registry",
                        () -> EmbeddedRegistry.start(
                                data.folder("registry"),
                                LOOPBACK,
                                settings.registry().port()))
                : null;
        this.cluster = settings.clusters().isEmpty() && settings.hasRole(Role.WORKER)
                ? begin("cluster", () -> startCluster(data))
                : null;
    }

    /**
     * Locks the data folder, looks whether the port is free, and lets the engines begin.
     *
     * @throws ProblemException when the folder or the port cannot be had
     */
    public static EmbeddedEngines begin(SlipwaySettings settings) {
        DataFolder data = DataFolder.open(settings.dataFolder());
        try {
            requireFree(settings.address(), settings.port(), "slipway.port");
            if (settings.registry().address() == null) {
                requireFree(LOOPBACK.getHostAddress(), settings.registry().port(), "slipway.registry.port");
            }
            return new EmbeddedEngines(settings, data);
        } catch (RuntimeException e) {
            data.close();
            throw e;
        }
    }

    public DataFolder data() {
        return data;
    }

    public SecretBox secretBox() {
        return secretBox;
    }

    /** The embedded PostgreSQL, waited for; null when a database is configured. */
    @Nullable
    EmbeddedPostgres postgres() {
        return postgres == null ? null : join(postgres);
    }

    /** The durable engine, waited for. */
    public TemporalEngine temporal() {
        return join(temporal);
    }

    /** {@code host:port} of the registry, configured or embedded and then waited for. */
    public String registryAddress() {
        String configured = settings.registry().address();
        return configured != null || registry == null
                ? String.valueOf(configured)
                : "127.0.0.1:" + join(registry).port();
    }

    /** The simulated cluster, waited for; null when clusters are configured, or where no worker runs. */
    public @Nullable SimulatedCluster cluster() {
        return cluster == null ? null : join(cluster);
    }

    SlipwaySettings settings() {
        return settings;
    }

    /** Ends the engines, the data folder last. Safe to repeat. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        Deque<Runnable> steps = new ArrayDeque<>();
        steps.add(() -> closeWhenBegun(temporal));
        if (cluster != null) {
            steps.add(() -> closeWhenBegun(cluster));
        }
        if (registry != null) {
            steps.add(() -> closeWhenBegun(registry));
        }
        if (postgres != null) {
            steps.add(() -> closeWhenBegun(postgres));
        }
        steps.add(data::close);
        for (Runnable step : steps) {
            try {
                step.run();
            } catch (RuntimeException e) {
                log.warn("an engine did not end cleanly: {}", e.toString());
            }
        }
    }

    /** @throws ProblemException {@code SLP-START-PORT-IN-USE} naming the setting */
    static void requireFree(String address, int port, String setting) {
        if (port == 0) {
            return;
        }
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getByName(address), port), 1);
        } catch (UnknownHostException e) {
            throw new ProblemException(
                    Problem.of(
                            ProblemCode.START_SETTING,
                            "slipway.address",
                            "value",
                            address,
                            "expected",
                            "an address of this machine"),
                    e);
        } catch (IOException e) {
            throw new ProblemException(
                    Problem.of(
                            ProblemCode.START_PORT_IN_USE,
                            address + ":" + port,
                            "port",
                            Integer.toString(port),
                            "setting",
                            setting),
                    e);
        }
    }

    private static SimulatedCluster startCluster(DataFolder data) {
        try {
            return SimulatedCluster.start(data.folder("cluster"), 0);
        } catch (IOException e) {
            throw new ProblemException(
                    Problem.of(
                            ProblemCode.START_DATA_UNUSABLE,
                            data.path().resolve("cluster").toString(),
                            "reason",
                            String.valueOf(e.getMessage())),
                    e);
        }
    }

    private static <T> CompletableFuture<T> begin(String name, Supplier<T> start) {
        Executor thread = task -> EngineProcess.daemon("start-" + name, task);
        return CompletableFuture.supplyAsync(start, thread);
    }

    private static <T> T join(CompletableFuture<T> future) {
        try {
            return future.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException problem ? problem : e;
        }
    }

    /** An engine that is still starting is waited for: closing it halfway would leave its process behind. */
    private static void closeWhenBegun(CompletableFuture<? extends AutoCloseable> engine) {
        engine.handle((started, failure) -> {
                    if (started != null) {
                        try {
                            started.close();
                        } catch (Exception e) {
                            throw new IllegalStateException(e);
                        }
                    }
                    return null;
                })
                .join();
    }
}
