package dev.slipway.tests.support;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** A person at the API, and a provider that calls a hook. */
public final class HookClient {
    public static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http = HttpClient.newHttpClient();
    private final RunningSlipway slipway;

    public HookClient(RunningSlipway slipway) {
        this.slipway = slipway;
    }

    /** @param path where its provider calls */
    public record Hook(String id, String path, String secret) {}

    public record Answer(int status, JsonNode body, HttpResponse<String> raw) {
        public String code() {
            return body.path("code").asText();
        }

        public String id() {
            return body.path("id").asText();
        }
    }

    public Hook hook(String name, String provider, String address) {
        Answer made = call(
                "POST",
                "/api/v1/hooks",
                "{\"name\": \"%s\", \"provider\": \"%s\", \"address\": \"%s\"}".formatted(name, provider, address));
        if (made.status() != 201) {
            throw new AssertionError(made.raw().body());
        }
        return new Hook(
                made.id(),
                made.body().path("path").asText(),
                made.body().path("secret").asText());
    }

    public Answer call(String method, String path, @Nullable String body) {
        return send(HttpRequest.newBuilder(URI.create(slipway.url() + path))
                .header("Authorization", "Bearer " + slipway.token())
                .header("Content-Type", "application/json")
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body)));
    }

    /** As GitHub signs it. */
    public Answer github(Hook hook, String delivery, String event, String body) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        return deliver(
                hook.path(),
                bytes,
                Map.of(
                        "Content-Type",
                        "application/json",
                        "X-GitHub-Event",
                        event,
                        "X-GitHub-Delivery",
                        delivery,
                        "X-Hub-Signature-256",
                        "sha256=" + hmac(hook.secret(), bytes)));
    }

    public Answer deliver(String path, byte[] body, Map<String, String> headers) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(slipway.url() + path)).POST(BodyPublishers.ofByteArray(body));
        headers.forEach(request::header);
        return send(request);
    }

    public static String hmac(String secret, byte[] body) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return HexFormat.of().formatHex(mac.doFinal(body));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private Answer send(HttpRequest.Builder request) {
        try {
            HttpResponse<String> answer = http.send(request.build(), BodyHandlers.ofString());
            JsonNode body = answer.body().isBlank() ? JSON.missingNode() : JSON.readTree(answer.body());
            return new Answer(answer.statusCode(), body, answer);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
