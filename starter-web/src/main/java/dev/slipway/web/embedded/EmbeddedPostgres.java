package dev.slipway.web.embedded;

import dev.slipway.activities.store.Secret;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A real PostgreSQL in the data folder: durable (fsync and synchronous commit on), on a free loopback port, with a random
 * password that only the owner of the folder can read. It is started again when it dies. As root it runs inside a user
 * namespace, because PostgreSQL refuses to run as root.
 */
final class EmbeddedPostgres implements AutoCloseable {
    /** At most this many connections; Slipway's pool uses 10. */
    static final int MAX_CONNECTIONS = 40;

    private static final Logger log = LoggerFactory.getLogger(EmbeddedPostgres.class);
    private static final String ROLE = "slipway";
    private static final String DATABASE = "slipway";

    private final String url;
    private final Secret password;
    private final EngineProcess process;

    private EmbeddedPostgres(String url, Secret password, EngineProcess process) {
        this.url = url;
        this.password = password;
        this.process = process;
    }

    /**
     * Unpacks, initialises and starts as far as needed; returns when it answers.
     *
     * @throws ProblemException {@code SLP-START-DATABASE} with PostgreSQL's own words when it cannot run here
     */
    static EmbeddedPostgres start(DataFolder data, Path cache) {
        try {
            return startIn(data, PostgresPrograms.unpack(cache).resolve("bin"));
        } catch (IOException | SQLException e) {
            String reason = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
            throw new ProblemException(
                    Problem.of(
                            ProblemCode.START_DATABASE,
                            data.path().resolve("postgresql").toString(),
                            "reason",
                            reason),
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while PostgreSQL started", e);
        }
    }

    private static EmbeddedPostgres startIn(DataFolder data, Path bin)
            throws IOException, InterruptedException, SQLException {
        Path home = data.folder("postgresql");
        Path cluster = home.resolve("data");
        Path pidFile = home.resolve("pid");
        EngineProcess.Stop stop = handle -> run(home, bin.resolve("pg_ctl"), "stop", "-D", cluster, "-m", "fast", "-W");
        EngineProcess.endOrphan("PostgreSQL", pidFile, stop);
        endUnrecordedOrphan(cluster, stop);
        Secret password = password(data);
        boolean fresh = initialise(home, bin, cluster, data);

        int port = freePort();
        String base = "jdbc:postgresql://127.0.0.1:" + port + "/";
        EngineProcess process = new EngineProcess(
                "PostgreSQL",
                command(bin, cluster, port),
                home.resolve("postgresql.log"),
                pidFile,
                () -> answers(base + "postgres", password),
                // Recovery after a crash replays the log first.
                Duration.ofSeconds(60),
                stop);
        try {
            process.start();
            createDatabase(base + "postgres", password);
        } catch (IOException | SQLException | RuntimeException | InterruptedException e) {
            process.close();
            throw e;
        }
        log.info("PostgreSQL {} on port {}, {}", fresh ? "created" : "started", port, home);
        return new EmbeddedPostgres(base + DATABASE, password, process);
    }

    String url() {
        return url;
    }

    String username() {
        return ROLE;
    }

    Secret password() {
        return password;
    }

    @Override
    public void close() {
        process.close();
    }

    private static List<String> command(Path bin, Path cluster, int port) {
        List<String> settings = List.of(
                "listen_addresses=127.0.0.1",
                "port=" + port,
                "unix_socket_directories=",
                "max_connections=" + MAX_CONNECTIONS,
                "fsync=on",
                "synchronous_commit=on",
                "full_page_writes=on",
                "password_encryption=scram-sha-256",
                "shared_buffers=32MB",
                "max_wal_size=256MB",
                "wal_level=minimal",
                "max_wal_senders=0",
                "io_method=sync",
                "log_min_messages=log",
                "log_checkpoints=off",
                "log_min_error_statement=panic");
        List<String> command = new ArrayList<>(asUser(bin.resolve("postgres")));
        command.add("-D");
        command.add(cluster.toString());
        for (String setting : settings) {
            command.add("-c");
            command.add(setting);
        }
        return command;
    }

    /** PostgreSQL refuses root; in a user namespace without a mapping, root is nobody and still owns its files. */
    private static List<String> asUser(Path program) {
        boolean root = "root".equals(System.getProperty("user.name"));
        return root ? List.of("unshare", "--user", program.toString()) : List.of(program.toString());
    }

    private static boolean initialise(Path home, Path bin, Path cluster, DataFolder data)
            throws IOException, InterruptedException {
        if (Files.exists(home.resolve("initialised"))) {
            return false;
        }
        // A half-made cluster of an interrupted first start holds nothing yet.
        deleteTree(cluster);
        Files.createDirectory(
                cluster, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        run(
                home,
                bin.resolve("initdb"),
                "-D",
                cluster,
                "-U",
                ROLE,
                "--pwfile=" + data.path().resolve(PASSWORD_FILE),
                "--auth-host=scram-sha-256",
                "--auth-local=scram-sha-256",
                "--encoding=UTF8",
                "--locale=C");
        Files.createFile(home.resolve("initialised"));
        return true;
    }

    private static final String PASSWORD_FILE = "postgresql/password";

    private static Secret password(DataFolder data) throws IOException {
        String kept = data.read(PASSWORD_FILE);
        if (kept == null) {
            byte[] random = new byte[24];
            new SecureRandom().nextBytes(random);
            kept = HexFormat.of().formatHex(random);
            data.write(PASSWORD_FILE, kept);
        }
        return Secret.of(kept.strip());
    }

    private static void createDatabase(String url, Secret password) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url, ROLE, password.reveal());
                Statement statement = connection.createStatement()) {
            if (!statement
                    .executeQuery("select 1 from pg_database where datname = '" + DATABASE + "'")
                    .next()) {
                statement.execute("create database " + DATABASE);
            }
        }
    }

    private static boolean answers(String url, Secret password) {
        try (Connection connection = DriverManager.getConnection(url, ROLE, password.reveal())) {
            return connection.isValid(1);
        } catch (SQLException notYet) {
            return false;
        }
    }

    /** PostgreSQL's own record covers the moment between its start and ours. */
    private static void endUnrecordedOrphan(Path cluster, EngineProcess.Stop stop)
            throws IOException, InterruptedException {
        Path pidFile = cluster.resolve("postmaster.pid");
        if (!Files.exists(pidFile)) {
            return;
        }
        List<String> lines = Files.readAllLines(pidFile);
        if (lines.isEmpty() || !lines.get(0).strip().matches("\\d{1,18}")) {
            return;
        }
        Optional<ProcessHandle> orphan = ProcessHandle.of(
                        Long.parseLong(lines.get(0).strip()))
                .filter(handle -> handle.info()
                        .arguments()
                        .map(arguments -> List.of(arguments).contains(cluster.toString()))
                        .orElse(false));
        if (orphan.isPresent()) {
            log.info(
                    "PostgreSQL of an earlier run (pid {}) still runs; ending it",
                    orphan.get().pid());
            EngineProcess.end(orphan.get(), stop);
        }
    }

    private static void run(Path folder, Path program, Object... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(asUser(program));
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        Path output = Files.createTempFile(folder, program.getFileName().toString(), ".log");
        try {
            Process process = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IOException(program.getFileName() + " did not end within 60 s");
            }
            if (process.exitValue() != 0) {
                throw new IOException(program.getFileName() + ": "
                        + Files.readString(output).strip().replaceAll("\\s*\\R\\s*", " | "));
            }
        } finally {
            Files.deleteIfExists(output);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static void deleteTree(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (var all = Files.walk(folder)) {
                for (Path path : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }
}
