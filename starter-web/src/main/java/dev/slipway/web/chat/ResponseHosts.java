package dev.slipway.web.chat;

import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Where answers may be sent: {@code hooks.slack.com}, {@code *.chat.example}, {@code chat.example:8443}; all by https, or, where
 * one says so, {@code http://chat.internal:8065}.
 */
final class ResponseHosts {
    private static final String ENTRY =
            "(?:https?://)?(?:\\*\\.)?[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?(?::[0-9]{1,5})?";

    private ResponseHosts() {}

    static boolean isOne(String entry) {
        return entry.matches(ENTRY);
    }

    /** The address, if it is at one of these. */
    static Optional<URI> allowed(String url, List<String> hosts) {
        try {
            URI address = URI.create(url);
            String host = address.getHost();
            String scheme = address.getScheme();
            if (host == null
                    || scheme == null
                    || address.getRawUserInfo() != null
                    || address.getRawFragment() != null) {
                return Optional.empty();
            }
            String plainHost = host.toLowerCase(Locale.ROOT);
            String plainScheme = scheme.toLowerCase(Locale.ROOT);
            int port = address.getPort() >= 0 ? address.getPort() : plainScheme.equals("http") ? 80 : 443;
            return hosts.stream().anyMatch(entry -> matches(entry, plainScheme, plainHost, port))
                    ? Optional.of(address)
                    : Optional.empty();
        } catch (IllegalArgumentException notAnAddress) {
            return Optional.empty();
        }
    }

    private static boolean matches(String entry, String scheme, String host, int port) {
        String wantedScheme = entry.startsWith("http://") ? "http" : "https";
        String rest = entry.replaceFirst("^https?://", "");
        int colon = rest.lastIndexOf(':');
        int wantedPort =
                colon >= 0 ? Integer.parseInt(rest.substring(colon + 1)) : wantedScheme.equals("http") ? 80 : 443;
        String wantedHost = colon >= 0 ? rest.substring(0, colon) : rest;
        return scheme.equals(wantedScheme)
                && port == wantedPort
                && (wantedHost.startsWith("*.")
                        ? host.endsWith(wantedHost.substring(1)) && host.length() > wantedHost.length() - 1
                        : host.equals(wantedHost));
    }
}
