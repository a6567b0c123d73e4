package dev.slipway.activities.git;

import dev.slipway.workflows.problem.ProblemCode;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A repository's address that is safe to hand to git and to show: a known protocol, no credentials, nothing that is an option or a
 * command.
 *
 * @param text as it is given to git
 */
record GitUrl(String text) {
    private static final Set<String> REMOTE = Set.of("https", "http", "ssh", "git");
    /** {@code git@host:team/shop}, {@code host:team/shop}. A slip in {@code https:/host} is none. */
    private static final Pattern SCP = Pattern.compile("(?!(?:https?|ssh|git|file|ext):)"
            + "(?:([A-Za-z0-9._-]+)@)?([A-Za-z0-9][A-Za-z0-9.-]*):(?!//)([^\\s:\\\\][^\\s\\\\]*)");
    /** Who asks an ssh server whose address names nobody: as all servers of git expect, not whoever started Slipway. */
    private static final String USER = "git";

    private static final int LONGEST = 2_000;

    /** @throws dev.slipway.workflows.problem.ProblemException {@link ProblemCode#GIT_URL}, which never repeats credentials */
    static GitUrl parse(String given, List<Path> localRoots) {
        String text = given.trim();
        if (text.isEmpty() || text.length() > LONGEST || text.startsWith("-") || hasControl(text)) {
            throw invalid(text, "not-a-url");
        }
        Matcher scp = SCP.matcher(text);
        if (scp.matches()) {
            return ssh(scp.group(1), scp.group(2) + "/" + scp.group(3));
        }
        if (text.startsWith("/")) {
            return local(Path.of(text), text, localRoots);
        }
        return remote(text, localRoots);
    }

    private static GitUrl remote(String text, List<Path> localRoots) {
        URI uri;
        try {
            uri = new URI(text);
        } catch (URISyntaxException e) {
            throw invalid(text, "not-a-url");
        }
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        if (scheme.equals("file") && uri.getPath() != null && uri.getRawAuthority() == null) {
            return local(Path.of(uri.getPath()), text, localRoots);
        }
        if (!REMOTE.contains(scheme)) {
            throw invalid(text, "protocol");
        }
        if (uri.getHost() == null
                || uri.getHost().startsWith("-")
                || uri.getPath() == null
                || uri.getPath().length() < 2) {
            throw invalid(text, "not-a-url");
        }
        String user = uri.getRawUserInfo();
        if (user != null && (!scheme.equals("ssh") || user.contains(":") || user.startsWith("-"))) {
            throw invalid(text, "credentials");
        }
        return scheme.equals("ssh")
                ? ssh(user, text.substring(text.indexOf("//") + 2).replaceFirst("^[^/]*@", ""))
                : new GitUrl(text);
    }

    private static GitUrl ssh(@Nullable String user, String place) {
        return new GitUrl("ssh://" + (user == null ? USER : user) + "@" + place);
    }

    /** Symbolic links are followed before the folder is compared: none leads out of the allowed ones. */
    private static GitUrl local(Path path, String text, List<Path> roots) {
        Path place = real(path);
        if (roots.stream().noneMatch(root -> place.startsWith(real(root)))) {
            throw invalid(text, "local");
        }
        // A folder's URI ends with a slash only while the folder is there.
        String uri = place.toUri().toString();
        return new GitUrl(uri.endsWith("/") ? uri.substring(0, uri.length() - 1) : uri);
    }

    private static Path real(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException missing) {
            return path.toAbsolutePath().normalize();
        }
    }

    private static boolean hasControl(String text) {
        return text.chars().anyMatch(c -> c <= ' ' || c == 127);
    }

    private static RuntimeException invalid(String text, String reason) {
        return GitProblems.of(ProblemCode.GIT_URL, masked(text), "reason", reason);
    }

    /** Without what may be a password, and short. */
    static String masked(String text) {
        return shortened(text.replaceAll("(?<=://)[^/]*@", "***@").replaceAll("\\p{Cntrl}", "?"));
    }

    private static String shortened(String text) {
        return text.length() <= 200 ? text : text.substring(0, 200) + "…";
    }

    @Override
    public String toString() {
        return shortened(text);
    }
}
