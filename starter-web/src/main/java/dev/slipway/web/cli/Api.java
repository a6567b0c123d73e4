package dev.slipway.web.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * The API, as a client sees it. What failed on the way is tried once more: every call that changes something has an
 * idempotency key, so that it is done once. A busy Slipway (429, 503) is waited for as long as it says, a minute at most.
 */
final class Api {
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(10);
    /** A plan may take three minutes. */
    private static final Duration ANSWER_LIMIT = Duration.ofMinutes(4);

    private static final int LARGEST_ANSWER = 64 << 20;
    private static final long LONGEST_WAIT = 60;

    private final URI address;
    private final String token;
    private final Words words;
    private final Screen screen;
    private final JsonMapper json;
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT_LIMIT)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();

    Api(URI address, String token, Words words, Screen screen, JsonMapper json) {
        this.address = address;
        this.token = token;
        this.words = words;
        this.screen = screen;
        this.json = json;
    }

    /** One part of a path, whatever is in it. */
    static String part(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace(".", "%2E");
    }

    /** The page of it. */
    String page(String path) {
        return address + path;
    }

    /** @throws Stop what Slipway refused, or that it does not answer */
    JsonNode get(String path) {
        return exchange(request(path).GET());
    }

    /**
     * @param body {@code null}: none
     * @param key of this one wish, however often it is sent
     * @throws Stop what Slipway refused, or that it does not answer
     */
    JsonNode post(String path, @Nullable JsonNode body, String key) {
        HttpRequest.Builder request = request(path).header("Idempotency-Key", key);
        if (body == null) {
            request.POST(BodyPublishers.noBody());
        } else {
            request.header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofString(json.writeValueAsString(body)));
        }
        return exchange(request);
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(address + "/api/v1" + path))
                .header("Authorization", "Bearer " + token)
                .header("Accept", "application/json, application/problem+json")
                .header("Accept-Language", words.locale().toLanguageTag())
                .timeout(ANSWER_LIMIT);
    }

    private JsonNode exchange(HttpRequest.Builder request) {
        long waited = 0;
        boolean again = false;
        while (true) {
            HttpResponse<InputStream> answer;
            JsonNode body;
            try {
                answer = client.send(request.build(), BodyHandlers.ofInputStream());
                body = read(answer);
            } catch (IOException broken) {
                if (again) {
                    throw unreachable(broken);
                }
                again = true;
                continue;
            } catch (InterruptedException e) {
                throw interrupted(e);
            }
            int status = answer.statusCode();
            if (status < 300) {
                return body;
            }
            long wait = retryAfter(answer);
            if ((status == 429 || status == 503) && wait >= 0 && waited + wait <= LONGEST_WAIT) {
                screen.note(words.text("busy", wait));
                pause(Duration.ofSeconds(wait));
                waited += Math.max(1, wait);
                continue;
            }
            throw refusal(status, body);
        }
    }

    /** Seconds; -1: it does not say. */
    private static long retryAfter(HttpResponse<?> answer) {
        String value = answer.headers().firstValue("Retry-After").orElse("");
        return value.matches("[0-9]{1,6}") ? Long.parseLong(value) : -1;
    }

    private JsonNode read(HttpResponse<InputStream> answer) throws IOException {
        byte[] bytes;
        try (InputStream in = answer.body()) {
            ByteArrayOutputStream some = new ByteArrayOutputStream();
            in.transferTo(new Capped(some, LARGEST_ANSWER));
            bytes = some.toByteArray();
        }
        if (bytes.length == 0) {
            return JsonNodeFactory.instance.objectNode();
        }
        try {
            return json.readTree(bytes);
        } catch (JacksonException notOurs) {
            throw new Stop(Exit.UNREACHABLE, words.text("notSlipway", address, Integer.toString(answer.statusCode())));
        }
    }

    private Stop refusal(int status, JsonNode body) {
        boolean ours = body.path("code").isString();
        int exit = status == 401 || status == 403
                ? Exit.NOT_PERMITTED
                : !ours || status == 429 || status >= 500 ? Exit.UNREACHABLE : Exit.REFUSED;
        return ours
                ? new Stop(exit, body)
                : new Stop(exit, words.text("notSlipway", address, Integer.toString(status)));
    }

    /**
     * Opens a stream that goes on; the caller closes it.
     *
     * @param more headers
     * @throws IOException it does not answer
     * @throws Stop what Slipway refused
     */
    InputStream open(String path, String accept, Map<String, String> more) throws IOException {
        HttpRequest.Builder request = request(path).setHeader("Accept", accept).timeout(Duration.ofMinutes(1));
        more.forEach(request::setHeader);
        try {
            HttpResponse<InputStream> answer = client.send(request.GET().build(), BodyHandlers.ofInputStream());
            if (answer.statusCode() == 429 || answer.statusCode() >= 500) {
                answer.body().close();
                throw new IOException("HTTP " + answer.statusCode());
            }
            if (answer.statusCode() != 200) {
                throw refusal(answer.statusCode(), read(answer));
            }
            return answer.body();
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    Stop unreachable(IOException broken) {
        String why = broken.getMessage() == null ? broken.getClass().getSimpleName() : broken.getMessage();
        return new Stop(Exit.UNREACHABLE, words.text("unreachable", address, why));
    }

    static void pause(Duration time) {
        try {
            Thread.sleep(time.toMillis());
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private static Stop interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        Stop stop = new Stop(130, "");
        stop.initCause(e);
        return stop;
    }
}
