package dev.slipway.activities.registry;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What a registry asks for with 401.
 *
 * @param scheme {@code basic} or {@code bearer}
 * @see <a href="https://distribution.github.io/distribution/spec/auth/token/">Token authentication</a>
 */
record Challenge(String scheme, Map<String, String> parameters) {
    private static final Pattern PARAMETER = Pattern.compile("([a-zA-Z_]+)=(?:\"([^\"]*)\"|([^,\\s\"]+))");

    /** The strongest scheme among the headers that is spoken here. */
    static Optional<Challenge> of(List<String> headers) {
        for (String scheme : List.of("bearer", "basic")) {
            for (String header : headers) {
                if (header.toLowerCase(Locale.ROOT).startsWith(scheme)) {
                    return Optional.of(new Challenge(scheme, parameters(header)));
                }
            }
        }
        return Optional.empty();
    }

    /** What it asks a token for; empty: it does not say. */
    Optional<String> scope() {
        return Optional.ofNullable(parameters.get("scope"));
    }

    /** Where to get a token, when the realm is one that can be asked. */
    Optional<URI> tokenAddress(List<String> scopes) {
        String realm = parameters.getOrDefault("realm", "");
        if (!realm.startsWith("https://") && !realm.startsWith("http://")) {
            return Optional.empty();
        }
        String query = "service=" + encode(parameters.getOrDefault("service", ""))
                + scopes.stream().map(scope -> "&scope=" + encode(scope)).collect(Collectors.joining());
        try {
            return Optional.of(URI.create(realm + (realm.contains("?") ? "&" : "?") + query));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Map<String, String> parameters(String header) {
        Map<String, String> parameters = new HashMap<>();
        Matcher matcher = PARAMETER.matcher(header);
        while (matcher.find()) {
            String value = matcher.group(2) == null ? matcher.group(3) : matcher.group(2);
            parameters.put(matcher.group(1).toLowerCase(Locale.ROOT), value);
        }
        return Map.copyOf(parameters);
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
