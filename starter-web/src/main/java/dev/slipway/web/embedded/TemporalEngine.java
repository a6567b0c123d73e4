package dev.slipway.web.embedded;

import dev.slipway.web.SlipwaySettings;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import io.grpc.StatusRuntimeException;
import io.temporal.api.enums.v1.IndexedValueType;
import io.temporal.api.operatorservice.v1.AddSearchAttributesRequest;
import io.temporal.api.workflowservice.v1.DescribeNamespaceRequest;
import io.temporal.serviceclient.OperatorServiceStubs;
import io.temporal.serviceclient.OperatorServiceStubsOptions;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import io.temporal.testserver.TestServer;
import io.temporal.testserver.TestServer.InProcessTestServer;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The durable engine behind every run: a Temporal cluster by setting; else the {@code temporal} program's development server,
 * whose runs survive on disk; else Temporal's server inside this process, in memory and without a port.
 */
public final class TemporalEngine implements AutoCloseable {
    /** Keyword search attributes that Slipway's runs carry; registered at start where the engine allows it. */
    public static final List<String> SEARCH_ATTRIBUTES =
            List.of("Environment", "Application", "Operation", "Actor", "Outcome");

    private static final Logger log = LoggerFactory.getLogger(TemporalEngine.class);
    private static final Duration REACH_LIMIT = Duration.ofSeconds(30);

    private final EngineKind kind;
    private final String namespace;
    private final WorkflowServiceStubs stubs;
    private final @Nullable EngineProcess devServer;
    private final @Nullable InProcessTestServer inProcess;

    private TemporalEngine(
            EngineKind kind,
            String namespace,
            WorkflowServiceStubs stubs,
            @Nullable EngineProcess devServer,
            @Nullable InProcessTestServer inProcess) {
        this.kind = kind;
        this.namespace = namespace;
        this.stubs = stubs;
        this.devServer = devServer;
        this.inProcess = inProcess;
    }

    /**
     * Returns when the engine answers.
     *
     * @throws ProblemException {@code SLP-ENGINE-UNREACHABLE} when the cluster does not answer within 30 s, or the
     *     development server does not start
     */
    static TemporalEngine start(SlipwaySettings.Temporal settings, DataFolder data) {
        String target = settings.target();
        if (target != null) {
            return cluster(settings, target);
        }
        Optional<Path> cli = cli(settings.cli());
        return cli.isPresent() ? devServer(cli.get(), data) : inProcess();
    }

    public EngineKind kind() {
        return kind;
    }

    public String namespace() {
        return namespace;
    }

    public WorkflowServiceStubs stubs() {
        return stubs;
    }

    @Override
    public void close() {
        stubs.shutdown();
        if (!stubs.awaitTermination(2, TimeUnit.SECONDS)) {
            stubs.shutdownNow();
        }
        if (devServer != null) {
            devServer.close();
        }
        if (inProcess != null) {
            inProcess.close();
        }
    }

    private static TemporalEngine cluster(SlipwaySettings.Temporal settings, String target) {
        WorkflowServiceStubsOptions.Builder options =
                WorkflowServiceStubsOptions.newBuilder().setTarget(target).setEnableHttps(settings.tls());
        var apiKey = settings.apiKey();
        if (apiKey != null) {
            options.setEnableHttps(true).addApiKey(apiKey::reveal);
        }
        WorkflowServiceStubs stubs = WorkflowServiceStubs.newServiceStubs(options.validateAndBuildWithDefaults());
        try {
            WorkflowServiceStubs connected = reach(stubs);
            connected
                    .blockingStub()
                    .withDeadlineAfter(REACH_LIMIT.toSeconds(), TimeUnit.SECONDS)
                    .describeNamespace(DescribeNamespaceRequest.newBuilder()
                            .setNamespace(settings.namespace())
                            .build());
        } catch (StatusRuntimeException e) {
            stubs.shutdownNow();
            throw unreachable(target, e.getStatus().getCode() + " (namespace " + settings.namespace() + ")", e);
        }
        log.info("Temporal cluster {}, namespace {}", target, settings.namespace());
        return new TemporalEngine(EngineKind.CLUSTER, settings.namespace(), stubs, null, null);
    }

    private static WorkflowServiceStubs reach(WorkflowServiceStubs stubs) {
        stubs.connect(REACH_LIMIT);
        return stubs;
    }

    private static TemporalEngine devServer(Path cli, DataFolder data) {
        Path home = data.folder("temporal");
        Path pidFile = home.resolve("pid");
        EngineProcess.Stop stop = ProcessHandle::destroy;
        try {
            EngineProcess.endOrphan("Temporal", pidFile, stop);
            int port = freePort();
            List<String> command = new ArrayList<>(List.of(
                    cli.toString(),
                    "server",
                    "start-dev",
                    "--ip",
                    "127.0.0.1",
                    "--port",
                    Integer.toString(port),
                    "--headless",
                    "--log-level",
                    "warn",
                    "--db-filename",
                    home.resolve("temporal.db").toString(),
                    // Half the latency of a short activity.
                    "--dynamic-config-value",
                    "system.enableActivityEagerExecution=true"));
            SEARCH_ATTRIBUTES.forEach(name -> command.addAll(List.of("--search-attribute", name + "=Keyword")));
            EngineProcess process = new EngineProcess(
                    "Temporal",
                    command,
                    home.resolve("temporal.log"),
                    pidFile,
                    () -> listens(port),
                    Duration.ofSeconds(30),
                    stop);
            try {
                process.start();
                WorkflowServiceStubs stubs =
                        WorkflowServiceStubs.newServiceStubs(WorkflowServiceStubsOptions.newBuilder()
                                .setTarget("127.0.0.1:" + port)
                                .validateAndBuildWithDefaults());
                stubs.connect(REACH_LIMIT);
                log.info("Temporal development server on port {}, {}", port, home);
                return new TemporalEngine(EngineKind.DEV_SERVER, "default", stubs, process, null);
            } catch (IOException | RuntimeException | InterruptedException e) {
                process.close();
                throw e;
            }
        } catch (IOException | RuntimeException e) {
            throw unreachable(cli.toString(), String.valueOf(e.getMessage()), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while Temporal started", e);
        }
    }

    private static TemporalEngine inProcess() {
        InProcessTestServer server = TestServer.createServer(true);
        WorkflowServiceStubs stubs = WorkflowServiceStubs.newServiceStubs(WorkflowServiceStubsOptions.newBuilder()
                .setChannel(server.getChannel())
                .validateAndBuildWithDefaults());
        OperatorServiceStubs operator = OperatorServiceStubs.newServiceStubs(OperatorServiceStubsOptions.newBuilder()
                .setChannel(server.getChannel())
                .validateAndBuildWithDefaults());
        AddSearchAttributesRequest.Builder attributes =
                AddSearchAttributesRequest.newBuilder().setNamespace("default");
        SEARCH_ATTRIBUTES.forEach(
                name -> attributes.putSearchAttributes(name, IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD));
        operator.blockingStub().addSearchAttributes(attributes.build());
        operator.shutdown();
        log.info("Temporal runs inside this process, in memory");
        return new TemporalEngine(EngineKind.IN_PROCESS, "default", stubs, null, server);
    }

    private static Optional<Path> cli(String setting) {
        return switch (setting) {
            case "none" -> Optional.empty();
            case "auto" ->
                Stream.of(Optional.ofNullable(System.getenv("PATH")).orElse("").split(File.pathSeparator))
                        .filter(folder -> !folder.isBlank())
                        .map(folder -> Path.of(folder, "temporal"))
                        .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
                        .findFirst();
            default -> Optional.of(Path.of(setting));
        };
    }

    private static boolean listens(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException notYet) {
            return false;
        }
    }

    private static ProblemException unreachable(String where, String reason, Exception cause) {
        return new ProblemException(Problem.of(ProblemCode.ENGINE_UNREACHABLE, where, "reason", reason), cause);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
