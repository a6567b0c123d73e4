package dev.slipway.tests.support;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** The API as a program with one token calls it. */
public final class Api {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private final String url;
    private final String token;

    public Api(String url, String token) {
        this.url = url;
        this.token = token;
    }

    /** With the bootstrap token. */
    public static Api of(RunningSlipway slipway) {
        return new Api(slipway.url(), slipway.token());
    }

    /** The same installation with another token. */
    public Api with(String other) {
        return new Api(url, other);
    }

    /** An answer, and its body as JSON; missing when it has none. */
    public record Answer(int status, JsonNode body, HttpResponse<String> http) {
        public String code() {
            return body.path("code").asText();
        }

        @Override
        public String toString() {
            return http + " " + http.body();
        }
    }

    public Answer get(String path) {
        return send("GET", path, null);
    }

    public Answer post(String path, String json) {
        return send("POST", path, json);
    }

    /** @param headers names and values in turn */
    public Answer send(String method, String path, String json, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + "/api/v1" + path))
                .timeout(Duration.ofSeconds(60))
                .method(method, json == null ? BodyPublishers.noBody() : BodyPublishers.ofString(json));
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        if (json != null) {
            request.header("Content-Type", "application/json");
        }
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            HttpResponse<String> answer = CLIENT.send(request.build(), BodyHandlers.ofString());
            return new Answer(
                    answer.statusCode(),
                    answer.body().startsWith("{") || answer.body().startsWith("[")
                            ? JSON.readTree(answer.body())
                            : JSON.missingNode(),
                    answer);
        } catch (IOException e) {
            throw new AssertionError(method + " " + path, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** A service with one role and a token with all scopes; its token. */
    public String service(String name, String role, String where) {
        post(
                "/people",
                "{\"name\": \"" + name + "\", \"kind\": \"service\", \"roles\": [{\"role\": \"" + role + "\"" + where
                        + "}]}");
        return post(
                        "/people/" + name + "/tokens",
                        "{\"name\": \"test\", \"scopes\": [\"view\",\"deploy\",\"edit\",\"operate\",\"approve\",\"configure\",\"people\",\"audit\"]}")
                .body()
                .path("token")
                .asText();
    }
}
