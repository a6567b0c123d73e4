package dev.slipway.web.embedded.kubernetes;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A simulated cluster in a process of its own, so that it can be killed. */
final class ClusterProcess implements AutoCloseable {
    private static final String READY = "listening on ";

    private final Process process;
    private final int port;

    private ClusterProcess(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    static ClusterProcess start(Path folder) throws IOException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ClusterProcess.class.getName(),
                        folder.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        BufferedReader output =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            if (line.startsWith(READY)) {
                return new ClusterProcess(process, Integer.parseInt(line.substring(READY.length())));
            }
        }
        process.destroyForcibly();
        throw new IOException("the cluster's process ended before it listened");
    }

    String url() {
        return "http://127.0.0.1:" + port;
    }

    /** {@code kill -9}; returns when it is dead. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        if (!process.waitFor(10, TimeUnit.SECONDS)) {
            throw new IllegalStateException("it does not die");
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    /** Ends by itself when nobody listens to it any more. */
    public static void main(String[] arguments) throws IOException {
        try (SimulatedCluster cluster = SimulatedCluster.start(Path.of(arguments[0]), 0)) {
            System.out.println(READY + cluster.url().replaceAll(".*:", ""));
            while (System.in.read() >= 0) {
                Thread.onSpinWait();
            }
        }
    }
}
