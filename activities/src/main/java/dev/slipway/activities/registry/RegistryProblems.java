package dev.slipway.activities.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.util.Map;
import java.util.TreeMap;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * What went wrong with a registry, in a person's terms: each problem has {@code registry}, {@code image}, {@code reason}; a refusal
 * {@code setting} too.
 */
final class RegistryProblems {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int LONGEST = 300;

    private RegistryProblems() {}

    static ProblemException of(ProblemCode code, String where, String reason, @Nullable Throwable cause) {
        int slash = where.indexOf('/');
        String registry = slash < 0 ? where : where.substring(0, slash);
        Problem problem = Problem.of(code, where, "registry", registry, "image", where, "reason", shorten(reason));
        return cause == null ? new ProblemException(problem) : new ProblemException(problem, cause);
    }

    static ProblemException unreachable(String where, IOException e) {
        return of(ProblemCode.REGISTRY_UNREACHABLE, where, reason(e), e);
    }

    /** An answer that is not what was asked for. */
    static ProblemException answer(String where, int status, byte[] body, String setting) {
        ProblemCode code = switch (status) {
            case 401, 403 -> ProblemCode.REGISTRY_DENIED;
            case 404 -> ProblemCode.IMAGE_NOT_FOUND;
            case 413, 507 -> ProblemCode.REGISTRY_FULL;
            default -> ProblemCode.REGISTRY_ANSWER;
        };
        ProblemException problem = of(code, where, "HTTP " + status + message(body), null);
        if (code != ProblemCode.REGISTRY_DENIED) {
            return problem;
        }
        Map<String, String> arguments = new TreeMap<>(problem.problem().arguments());
        arguments.put("setting", setting);
        return new ProblemException(new Problem(code, where, arguments));
    }

    private static String message(byte[] body) {
        try {
            JsonNode error = JSON.readTree(body).path("errors").path(0);
            String text =
                    (error.path("code").asText("") + " " + error.path("message").asText("")).trim();
            return text.isEmpty() ? "" : ": " + text;
        } catch (IOException | RuntimeException e) {
            return "";
        }
    }

    private static String reason(Throwable e) {
        for (Throwable t = e; t != null; t = t.getCause()) {
            if (t instanceof UnknownHostException || t instanceof UnresolvedAddressException) {
                return "the host name is not known";
            }
            if (t instanceof SSLException) {
                return "TLS: " + t.getMessage();
            }
        }
        if (e instanceof HttpTimeoutException) {
            return "no answer in time";
        }
        if (e instanceof ConnectException) {
            return "connection refused";
        }
        String message = e.getMessage();
        return message == null ? e.getClass().getSimpleName() : message;
    }

    private static String shorten(String text) {
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
    }
}
