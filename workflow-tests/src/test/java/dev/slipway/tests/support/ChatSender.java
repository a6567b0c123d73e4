package dev.slipway.tests.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Sends slash commands as Slack documents it: a form, and a signature over time and bytes. */
public final class ChatSender {
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final URI endpoint;
    private final String secret;
    private final String responseUrl;

    public ChatSender(String slipway, String secret, String responseUrl) {
        this.endpoint = URI.create(slipway + "/api/v1/chat/slack");
        this.secret = secret;
        this.responseUrl = responseUrl;
    }

    /** As Slack's documentation has it. */
    public String form(String user, String text, String trigger) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("token", "gIkuvaNzQIHg97ATvDxqgjtO");
        fields.put("team_id", "T0001");
        fields.put("team_domain", "example");
        fields.put("channel_id", "C2147483705");
        fields.put("channel_name", "test");
        fields.put("user_id", user);
        fields.put("user_name", user + "-name");
        fields.put("command", "/slipway");
        fields.put("text", text);
        fields.put("response_url", responseUrl);
        fields.put("trigger_id", trigger);
        fields.put("api_app_id", "A123456");
        return fields.entrySet().stream()
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
    }

    public HttpRequest signed(byte[] body, Instant at) {
        return request(body, at, sign(secret, at, body));
    }

    public HttpRequest request(byte[] body, Instant at, String signature) {
        return HttpRequest.newBuilder(endpoint)
                .timeout(Duration.ofSeconds(30))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header("X-Slack-Request-Timestamp", Long.toString(at.getEpochSecond()))
                .header("X-Slack-Signature", signature)
                .POST(BodyPublishers.ofByteArray(body))
                .build();
    }

    public static String sign(String secret, Instant at, byte[] body) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            mac.update(("v0:" + at.getEpochSecond() + ":").getBytes(StandardCharsets.UTF_8));
            return "v0=" + HexFormat.of().formatHex(mac.doFinal(body));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Signed now. */
    public HttpResponse<String> say(String user, String text, String trigger) {
        return send(signed(form(user, text, trigger).getBytes(StandardCharsets.UTF_8), Instant.now()));
    }

    public HttpResponse<String> send(HttpRequest request) {
        try {
            return client.send(request, BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    public CompletableFuture<HttpResponse<String>> sendAsync(HttpRequest request) {
        return client.sendAsync(request, BodyHandlers.ofString());
    }
}
