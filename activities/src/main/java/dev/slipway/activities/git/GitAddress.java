package dev.slipway.activities.git;

import dev.slipway.activities.store.GitLogin;
import java.net.URI;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What the addresses of repositories begin with: a server, a folder of it, or one repository. Two ways to write the same place are
 * equal.
 *
 * @param port the protocol's own where none is written
 * @param path with a slash before each part and none at the end; without {@code .git}; empty: the whole server
 */
public record GitAddress(String scheme, String host, int port, String path) {
    private static final Pattern SCP =
            Pattern.compile("(?:[A-Za-z0-9._-]+@)?([A-Za-z0-9][A-Za-z0-9.-]*):(?!//)([^\\s:\\\\]*)");

    /** Empty when it is none, has a password in it, or leads out of itself. */
    public static Optional<GitAddress> parse(String text) {
        String given = text.strip();
        var scp = SCP.matcher(given);
        if (scp.matches()) {
            return of("ssh", scp.group(1), -1, "/" + scp.group(2));
        }
        try {
            URI uri = URI.create(given);
            String user = uri.getRawUserInfo();
            if (uri.getScheme() == null
                    || uri.getHost() == null
                    || uri.getRawQuery() != null
                    || uri.getRawFragment() != null
                    || (user != null && (user.contains(":") || !uri.getScheme().equalsIgnoreCase("ssh")))) {
                return Optional.empty();
            }
            return of(uri.getScheme(), uri.getHost(), uri.getPort(), uri.getPath() == null ? "" : uri.getPath());
        } catch (IllegalArgumentException notAnAddress) {
            return Optional.empty();
        }
    }

    private static Optional<GitAddress> of(String given, String host, int port, String path) {
        String scheme = given.toLowerCase(Locale.ROOT);
        int usual = usualPort(scheme);
        List<String> parts = java.util.Arrays.stream(path.split("/"))
                .filter(part -> !part.isEmpty())
                .toList();
        if (usual < 0 || parts.contains("..") || parts.contains(".")) {
            return Optional.empty();
        }
        String clean = parts.isEmpty() ? "" : "/" + String.join("/", parts).replaceAll("\\.git$", "");
        return Optional.of(new GitAddress(scheme, host.toLowerCase(Locale.ROOT), port < 0 ? usual : port, clean));
    }

    private static int usualPort(String scheme) {
        return switch (scheme) {
            case "https" -> 443;
            case "http" -> 80;
            case "ssh" -> 22;
            default -> -1;
        };
    }

    /** Whether the other one is this place or lies below it. */
    boolean holds(GitAddress other) {
        return server(other) && (other.path.equals(path) || other.path.startsWith(path + "/"));
    }

    /** Whether both are on one server. */
    boolean server(GitAddress other) {
        return scheme.equals(other.scheme) && host.equals(other.host) && port == other.port;
    }

    /** The one whose address is nearest to the repository. */
    static Optional<GitLogin> nearest(List<GitLogin> logins, GitAddress repository) {
        return logins.stream()
                .filter(login -> parse(login.address())
                        .filter(at -> at.holds(repository))
                        .isPresent())
                .max(Comparator.comparingInt(login -> login.address().length()));
    }

    /** As it is kept and shown. */
    @Override
    public String toString() {
        return scheme + "://" + (host.contains(":") ? "[" + host.replaceAll("[\\[\\]]", "") + "]" : host)
                + (port == usualPort(scheme) ? "" : ":" + port) + path;
    }
}
