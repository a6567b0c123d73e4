package dev.slipway.activities.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.slipway.activities.outbound.OutboundGuard;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * Who we are to one registry. The password goes to the registry itself, or to the token service it names when that is under the
 * same domain and encrypted; to no one else. Tokens are kept per scope until the registry refuses them.
 */
final class Authorization {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|\\[.*]|.*:.*");
    /** By the specification, of a token that does not say. */
    private static final int DEFAULT_LIFE_SECONDS = 60;

    private final RegistrySettings settings;
    private final OutboundGuard guard;
    private final HttpClient http;
    private final Map<String, String> headers = new ConcurrentHashMap<>();

    Authorization(RegistrySettings settings, OutboundGuard guard, HttpClient http) {
        this.settings = settings;
        this.guard = guard;
        this.http = http;
    }

    /** The header to send first for this scope, if an earlier answer taught one. */
    Optional<String> header(String scope) {
        return Optional.ofNullable(headers.get(scope));
    }

    /** Learns from a 401. @return whether there is something new to try */
    boolean learn(String scope, List<String> challenges) throws IOException, InterruptedException {
        Optional<Challenge> challenge = Challenge.of(challenges);
        if (challenge.isEmpty()) {
            return false;
        }
        Optional<String> header = challenge.get().scheme().equals("basic")
                ? basic()
                : token(challenge.get(), List.of(challenge.get().scope().orElse(scope)))
                        .map(token -> "Bearer " + token.value());
        header.ifPresent(value -> headers.put(scope, value));
        return header.isPresent();
    }

    /**
     * A token for these scopes, for somebody else to use.
     *
     * @return empty: the registry names no token service, that gives none, or none that lasts so long
     */
    Optional<String> token(List<String> challenges, List<String> scopes, Duration life)
            throws IOException, InterruptedException {
        Optional<Challenge> bearer =
                Challenge.of(challenges).filter(challenge -> challenge.scheme().equals("bearer"));
        return bearer.isEmpty()
                ? Optional.empty()
                : token(bearer.get(), scopes)
                        .filter(token -> token.life().compareTo(life) >= 0)
                        .map(Token::value);
    }

    private record Token(String value, Duration life) {}

    private Optional<String> basic() {
        if (settings.username() == null || settings.password() == null) {
            return Optional.empty();
        }
        String pair = settings.username() + ":" + settings.password().reveal();
        return Optional.of("Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)));
    }

    private Optional<Token> token(Challenge challenge, List<String> scopes) throws IOException, InterruptedException {
        Optional<URI> address = challenge.tokenAddress(scopes);
        if (address.isEmpty() || (address.get().getScheme().equals("http") && !settings.insecure())) {
            return Optional.empty();
        }
        guard.check(address.get());
        HttpRequest.Builder request = HttpRequest.newBuilder(address.get()).timeout(Duration.ofSeconds(20));
        if (trusted(address.get())) {
            basic().ifPresent(value -> request.header("Authorization", value));
        }
        HttpResponse<byte[]> answer = http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        if (answer.statusCode() != 200) {
            return Optional.empty();
        }
        JsonNode json = JSON.readTree(answer.body());
        String token = json.path("token").asText(json.path("access_token").asText(""));
        return token.isEmpty() || token.chars().anyMatch(c -> c <= ' ' || c >= 127)
                ? Optional.empty()
                : Optional.of(new Token(
                        token, Duration.ofSeconds(json.path("expires_in").asLong(DEFAULT_LIFE_SECONDS))));
    }

    private boolean trusted(URI realm) {
        String registry =
                URI.create(settings.scheme() + "://" + settings.host()).getHost();
        String host = realm.getHost();
        if (registry == null || host == null) {
            return false;
        }
        if (host.equalsIgnoreCase(registry)) {
            return true;
        }
        return realm.getScheme().equals("https")
                && !ADDRESS.matcher(host).matches()
                && domain(host).equals(domain(registry));
    }

    private static String domain(String host) {
        String[] labels = host.toLowerCase(java.util.Locale.ROOT).split("\\.");
        return String.join(".", Arrays.asList(labels).subList(Math.max(0, labels.length - 2), labels.length));
    }
}
