package dev.slipway.web.hooks;

import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which repository an address means, however it is written: over https, ssh, git or as scp writes it, with or without user,
 * {@code .git} and capitals. Ports tell two servers apart only where both addresses have the same protocol: the ssh port of a server is
 * not that of its pages.
 *
 * @param scheme {@code https} also for http
 * @param port -1: the protocol's own
 * @param path lower case, without slashes at its ends; empty: the whole server
 */
record RepositoryAddress(String scheme, String host, int port, String path) {
    private static final Pattern SCP =
            Pattern.compile("(?:[A-Za-z0-9._-]+@)?([A-Za-z0-9][A-Za-z0-9.-]*):(?!//)([^\\s:\\\\]+)");
    private static final int LONGEST = 2_000;

    /** Empty: it is no address of a repository. */
    static Optional<RepositoryAddress> of(String text) {
        String given = text.strip();
        if (given.isEmpty() || given.length() > LONGEST) {
            return Optional.empty();
        }
        Matcher scp = SCP.matcher(given);
        if (scp.matches()) {
            return Optional.of(
                    new RepositoryAddress("ssh", scp.group(1).toLowerCase(Locale.ROOT), -1, path(scp.group(2))));
        }
        if (given.startsWith("/")) {
            return Optional.of(new RepositoryAddress("file", "", -1, path(given)));
        }
        try {
            URI uri = new URI(given);
            String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
            String path = uri.getPath() == null ? "" : path(uri.getPath());
            if (scheme.equals("file")) {
                return path.isEmpty() ? Optional.empty() : Optional.of(new RepositoryAddress("file", "", -1, path));
            }
            if (uri.getHost() == null || !List.of("https", "http", "ssh", "git").contains(scheme)) {
                return Optional.empty();
            }
            boolean usual = uri.getPort() == usualPort(scheme);
            return Optional.of(new RepositoryAddress(
                    scheme.equals("http") ? "https" : scheme,
                    uri.getHost().toLowerCase(Locale.ROOT),
                    usual ? -1 : uri.getPort(),
                    path));
        } catch (java.net.URISyntaxException notAnAddress) {
            return Optional.empty();
        }
    }

    private static int usualPort(String scheme) {
        return switch (scheme) {
            case "https" -> 443;
            case "http" -> 80;
            case "ssh" -> 22;
            default -> 9418;
        };
    }

    private static String path(String text) {
        String clean = String.join(
                "/",
                Arrays.stream(text.split("/")).filter(part -> !part.isEmpty()).toList());
        return (clean.endsWith(".git") ? clean.substring(0, clean.length() - 4) : clean).toLowerCase(Locale.ROOT);
    }

    /** Whether both mean one repository. */
    boolean same(RepositoryAddress other) {
        return server(other) && path.equals(other.path);
    }

    /** Whether the other is this place or lies below it. */
    boolean holds(RepositoryAddress other) {
        return server(other) && (path.isEmpty() || path.equals(other.path) || other.path.startsWith(path + "/"));
    }

    private boolean server(RepositoryAddress other) {
        return host.equals(other.host)
                && scheme.equals("file") == other.scheme.equals("file")
                && (!scheme.equals(other.scheme) || port == other.port);
    }

    /** Short, for people: {@code git.example/team/shop}. */
    String shown() {
        return host.isEmpty() ? "/" + path : host + (path.isEmpty() ? "" : "/" + path);
    }

    static boolean anySame(List<String> some, String other) {
        return of(other)
                .filter(address ->
                        some.stream().flatMap(one -> of(one).stream()).anyMatch(address::same))
                .isPresent();
    }
}
