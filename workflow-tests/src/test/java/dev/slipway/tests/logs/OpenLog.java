package dev.slipway.tests.logs;

import dev.slipway.tests.support.RunningSlipway;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A log over the API, followed as {@code curl -N} does. */
final class OpenLog implements AutoCloseable {
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final InputStream body;
    private final List<String> lines = new CopyOnWriteArrayList<>();

    private OpenLog(InputStream body) {
        this.body = body;
        Thread reader = new Thread(this::read, "open-log");
        reader.setDaemon(true);
        reader.start();
    }

    static OpenLog follow(RunningSlipway slipway, String path) throws IOException, InterruptedException {
        return new OpenLog(
                HTTP.send(request(slipway, path), BodyHandlers.ofInputStream()).body());
    }

    static HttpResponse<String> get(RunningSlipway slipway, String path) throws IOException, InterruptedException {
        return HTTP.send(request(slipway, path), BodyHandlers.ofString());
    }

    private static HttpRequest request(RunningSlipway slipway, String path) {
        return HttpRequest.newBuilder(URI.create(slipway.url() + path))
                .header("Authorization", "Bearer " + slipway.token())
                .header("Accept-Language", "en")
                .build();
    }

    private void read() {
        try (BufferedReader text = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8))) {
            for (String line = text.readLine(); line != null; line = text.readLine()) {
                lines.add(line);
            }
        } catch (IOException | UncheckedIOException e) {
            // Closed.
        }
    }

    List<String> lines() {
        return lines;
    }

    @Override
    public void close() throws IOException {
        body.close();
    }
}
