package dev.slipway.web.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A program that runs beside Slipway and belongs to it: started, watched, started again when it dies, ended with Slipway. Its
 * process id is on disk, so that after a {@code kill -9} of Slipway the next start ends the orphan before it starts its own.
 */
final class EngineProcess implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(EngineProcess.class);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(10);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    /** Asks whether the program answers. */
    interface Readiness {
        boolean answers();
    }

    /** Asks the program to end soon; what is still there after ten seconds is killed. */
    interface Stop {
        void ask(ProcessHandle process) throws IOException, InterruptedException;
    }

    private final String name;
    private final List<String> command;
    private final Path output;
    private final Path pidFile;
    private final Readiness readiness;
    private final Duration startLimit;
    private final Stop stop;
    private volatile boolean closing;
    private volatile @Nullable Process process;

    EngineProcess(
            String name,
            List<String> command,
            Path output,
            Path pidFile,
            Readiness readiness,
            Duration startLimit,
            Stop stop) {
        this.name = name;
        this.command = List.copyOf(command);
        this.output = output;
        this.pidFile = pidFile;
        this.readiness = readiness;
        this.startLimit = startLimit;
        this.stop = stop;
    }

    /**
     * Starts the program and returns when it answers.
     *
     * @throws IOException with the last lines it printed when it ends or stays silent beyond the limit
     */
    void start() throws IOException, InterruptedException {
        launch();
    }

    private void launch() throws IOException, InterruptedException {
        Process started = new ProcessBuilder(command)
                .directory(output.resolveSibling(".").toFile())
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")))
                .redirectOutput(output.toFile())
                .start();
        process = started;
        record(started.toHandle());
        long deadline = System.nanoTime() + startLimit.toNanos();
        while (!readiness.answers()) {
            if (!started.isAlive() || System.nanoTime() > deadline || closing) {
                started.destroyForcibly();
                throw new IOException(name + (started.isAlive() ? " did not answer" : " ended") + ": " + lastLines());
            }
            Thread.sleep(25);
        }
        started.onExit().thenAcceptAsync(ended -> died(ended.exitValue()), task -> daemon(name + "-restart", task));
    }

    private void died(int exit) {
        if (closing) {
            return;
        }
        log.warn("{} ended by itself (exit {}); starting it again", name, exit);
        Duration pause = Duration.ofMillis(100);
        while (!closing) {
            try {
                launch();
                log.info("{} runs again", name);
                return;
            } catch (IOException e) {
                log.warn("{} did not start, next attempt in {} ms: {}", name, pause.toMillis(), e.getMessage());
                if (!pause(pause)) {
                    return;
                }
                pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause.multipliedBy(2);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    /** Ends what an earlier Slipway left running. Touches nothing that it cannot recognise as that very process. */
    static void endOrphan(String name, Path pidFile, Stop stop) throws IOException, InterruptedException {
        Optional<ProcessHandle> orphan = recorded(pidFile);
        if (orphan.isPresent()) {
            log.info(
                    "{} of an earlier run (pid {}) still runs; ending it",
                    name,
                    orphan.get().pid());
            end(orphan.get(), stop);
        }
        Files.deleteIfExists(pidFile);
    }

    /** Ends a process: asked first, killed when it does not go. */
    static void end(ProcessHandle process, Stop stop) throws InterruptedException {
        boolean asked = true;
        try {
            stop.ask(process);
        } catch (IOException deaf) {
            asked = false;
        }
        if (!asked || !gone(process, STOP_LIMIT)) {
            process.destroyForcibly();
            gone(process, STOP_LIMIT);
        }
    }

    @Override
    public void close() {
        closing = true;
        Process current = process;
        if (current == null) {
            return;
        }
        try {
            if (current.isAlive()) {
                end(current.toHandle(), stop);
            }
            Files.deleteIfExists(pidFile);
        } catch (IOException e) {
            current.destroyForcibly();
        } catch (InterruptedException e) {
            current.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    /** A process id can be given to another program later: the start time tells them apart. */
    private void record(ProcessHandle handle) throws IOException {
        Files.writeString(pidFile, handle.pid() + " " + startedAt(handle));
    }

    private static Optional<ProcessHandle> recorded(Path pidFile) throws IOException {
        if (!Files.exists(pidFile)) {
            return Optional.empty();
        }
        String[] words = Files.readString(pidFile).strip().split(" ");
        if (words.length != 2 || !words[0].matches("\\d{1,18}") || !words[1].matches("\\d{1,18}")) {
            return Optional.empty();
        }
        return ProcessHandle.of(Long.parseLong(words[0]))
                .filter(ProcessHandle::isAlive)
                // The clock's tick is 10 ms and boot time is derived: allow a second.
                .filter(handle -> Math.abs(startedAt(handle) - Long.parseLong(words[1])) <= 1000);
    }

    private static long startedAt(ProcessHandle handle) {
        return handle.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
    }

    private static boolean gone(ProcessHandle process, Duration limit) throws InterruptedException {
        try {
            process.onExit().get(limit.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (java.util.concurrent.TimeoutException late) {
            return false;
        } catch (java.util.concurrent.ExecutionException e) {
            return !process.isAlive();
        }
    }

    private String lastLines() throws IOException {
        try (Stream<String> lines = Files.lines(output, java.nio.charset.StandardCharsets.ISO_8859_1)) {
            ArrayDeque<String> last = new ArrayDeque<>();
            lines.forEach(line -> {
                last.add(line);
                if (last.size() > 5) {
                    last.remove();
                }
            });
            return last.stream().map(String::strip).collect(Collectors.joining(" | "));
        }
    }

    private static boolean pause(Duration duration) {
        try {
            Thread.sleep(duration.toMillis());
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    static void daemon(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }
}
