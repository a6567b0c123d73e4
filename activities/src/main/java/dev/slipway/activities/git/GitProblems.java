package dev.slipway.activities.git;

import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import org.eclipse.jgit.errors.NoRemoteRepositoryException;
import org.eclipse.jgit.errors.NotSupportedException;
import org.eclipse.jgit.errors.RepositoryNotFoundException;

/** What went wrong with git, in a person's terms. Every problem has {@code url}, and never a credential. */
final class GitProblems {
    private static final List<String> UNITS = List.of("B", "KiB", "MiB", "GiB", "TiB");

    private GitProblems() {}

    static ProblemException of(ProblemCode code, String url, String... namesAndValues) {
        return new ProblemException(problem(code, url, namesAndValues));
    }

    private static Problem problem(ProblemCode code, String url, String... namesAndValues) {
        TreeMap<String, String> arguments = new TreeMap<>();
        arguments.put("url", url);
        for (int i = 0; i < namesAndValues.length; i += 2) {
            arguments.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return new Problem(code, url, arguments);
    }

    /** JGit has few types for what can go wrong with a remote; its messages tell the rest. */
    static ProblemException remote(GitUrl url, Throwable e) {
        String reason = GitUrl.masked(reason(e));
        ProblemCode code = code(e);
        Problem problem = code == ProblemCode.GIT_UNSUPPORTED
                ? problem(code, url.toString(), "feature", "protocol", "path", "", "reason", reason)
                : problem(code, url.toString(), "reason", reason);
        return new ProblemException(problem, e);
    }

    private static String reason(Throwable e) {
        for (Throwable t = e; t != null; t = t.getCause()) {
            if (t instanceof UnknownHostException || t instanceof UnresolvedAddressException) {
                return "the host name is not known";
            }
            if (t instanceof ConnectException) {
                return "connection refused";
            }
            if (t instanceof NoRouteToHostException) {
                return "there is no way to the host";
            }
            if (t instanceof SocketTimeoutException) {
                return "no answer in time";
            }
        }
        return String.valueOf(e.getMessage());
    }

    /** @param path empty: the whole repository. @param limit in bytes */
    static ProblemException tooBig(GitUrl url, String path, long limit) {
        return of(ProblemCode.GIT_TOO_BIG, url.toString(), "path", path, "limit", size(limit));
    }

    /** {@code 2 GiB}, in the largest unit that is exact. */
    private static String size(long bytes) {
        long number = bytes;
        int unit = 0;
        while (unit < UNITS.size() - 1 && number > 0 && number % 1024 == 0) {
            number /= 1024;
            unit++;
        }
        return number + " " + UNITS.get(unit);
    }

    /** JGit says the same of a server that lets nobody in and of one that gives and does not take. */
    static ProblemException push(GitUrl url, String branch, ProblemException e) {
        return e.problem().code() == ProblemCode.GIT_DENIED
                ? of(
                        ProblemCode.GIT_PUSH_REFUSED,
                        url.toString(),
                        "branch",
                        branch,
                        "reason",
                        e.problem().arguments().getOrDefault("reason", ""))
                : e;
    }

    static ProblemException mirror(GitUrl url, IOException e) {
        return new ProblemException(
                problem(ProblemCode.GIT_UNREACHABLE, url.toString(), "reason", "mirror: " + e.getMessage()), e);
    }

    private static ProblemCode code(Throwable e) {
        for (Throwable t = e; t != null; t = t.getCause()) {
            if (t instanceof SocketTimeoutException) {
                return ProblemCode.GIT_TIMEOUT;
            }
            if (t instanceof UnknownHostException
                    || t instanceof ConnectException
                    || t instanceof NoRouteToHostException) {
                return ProblemCode.GIT_UNREACHABLE;
            }
            if (t instanceof NoRemoteRepositoryException || t instanceof RepositoryNotFoundException) {
                return ProblemCode.GIT_NOT_A_REPOSITORY;
            }
            if (t instanceof NotSupportedException) {
                return ProblemCode.GIT_UNSUPPORTED;
            }
        }
        return byMessage(String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT));
    }

    private static ProblemCode byMessage(String message) {
        if (message.contains("not authorized")
                || message.contains("authentication")
                || message.contains("cannot log in")
                || message.contains("no more authentication methods")
                || message.contains("not permitted")) {
            return ProblemCode.GIT_DENIED;
        }
        if (message.contains("timeout") || message.contains("timed out")) {
            return ProblemCode.GIT_TIMEOUT;
        }
        if (message.contains("not supported")) {
            return ProblemCode.GIT_UNSUPPORTED;
        }
        if (message.contains("not found")
                || message.contains("invalid advertisement")
                || message.contains("invalid remote")
                || message.contains("expected text")) {
            return ProblemCode.GIT_NOT_A_REPOSITORY;
        }
        return ProblemCode.GIT_UNREACHABLE;
    }
}
