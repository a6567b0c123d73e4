package dev.slipway.web.problems;

import dev.slipway.workflows.contract.Problems;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.temporal.client.WorkflowServiceException;
import io.temporal.failure.ApplicationFailure;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.TypeMismatchException;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.converter.HttpMessageConversionException;
import org.springframework.jdbc.CannotGetJdbcConnectionException;
import org.springframework.security.web.firewall.RequestRejectedException;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.web.ErrorResponse;
import org.springframework.web.HttpMediaTypeNotAcceptableException;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.bind.ServletRequestBindingException;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.multipart.MultipartException;

/** What an exception means for a person. What nobody foresaw is logged once, with a reference that the person sees too. */
final class CaughtProblems {
    private static final Logger log = LoggerFactory.getLogger(CaughtProblems.class);
    private static final SecureRandom RANDOM = new SecureRandom();

    private CaughtProblems() {}

    static List<Problem> of(Throwable caught) {
        for (Throwable e = caught; e != null; e = e.getCause()) {
            if (e instanceof ProblemException problems) {
                return problems.problems();
            }
            if (e instanceof ApplicationFailure failure && failure.getDetails().getSize() == 1) {
                Problems problems = failure.getDetails().get(Problems.class);
                if (problems != null) {
                    return problems.problems();
                }
            }
            if (e instanceof java.sql.SQLException sql && "22021".equals(sql.getSQLState())) {
                return List.of(Problem.of(
                        ProblemCode.REQUEST_INVALID, "", "reason", "a text holds a character that cannot be kept"));
            }
            if (storeIsAway(e)) {
                log.warn("the database does not answer: {}", e.getMessage());
                return List.of(Problem.of(ProblemCode.STORE_UNREACHABLE, ""));
            }
            if (engineIsAway(e)) {
                log.warn("the engine does not answer: {}", e.getMessage());
                return List.of(Problem.of(ProblemCode.ENGINE_UNREACHABLE, "", "reason", "UNAVAILABLE"));
            }
        }
        return List.of(ofRequest(caught));
    }

    /** What the web framework did not even hand to a route. */
    private static Problem ofRequest(Throwable caught) {
        if (caught instanceof HttpRequestMethodNotSupportedException method) {
            String[] allowed = method.getSupportedMethods();
            return Problem.of(
                    ProblemCode.REQUEST_METHOD,
                    "",
                    "method",
                    method.getMethod(),
                    "allowed",
                    allowed == null ? "GET" : String.join(", ", allowed));
        }
        if (caught instanceof HttpMediaTypeNotSupportedException type) {
            return Problem.of(
                    ProblemCode.REQUEST_CONTENT_TYPE,
                    "Content-Type",
                    "type",
                    type.getContentType() == null ? "?" : type.getContentType().toString(),
                    "allowed",
                    types(type.getSupportedMediaTypes()));
        }
        if (caught instanceof HttpMediaTypeNotAcceptableException type) {
            return Problem.of(ProblemCode.REQUEST_ACCEPT, "Accept", "allowed", types(type.getSupportedMediaTypes()));
        }
        if (caught instanceof MethodArgumentTypeMismatchException argument) {
            return Problem.of(
                    ProblemCode.REQUEST_INVALID,
                    argument.getName(),
                    "reason",
                    argument.getName() + " has to be " + kind(argument.getRequiredType()));
        }
        if (caught instanceof ErrorResponse response) {
            return ofStatus(response.getStatusCode(), response.getBody().getDetail());
        }
        if (caught instanceof HttpMessageConversionException unreadable) {
            return UnreadableBody.of(unreadable).orElseGet(() -> ofStatus(HttpStatusCode.valueOf(400), "a body"));
        }
        if (caught instanceof ServletRequestBindingException || caught instanceof TypeMismatchException) {
            return ofStatus(HttpStatusCode.valueOf(400), firstLine(caught));
        }
        if (isMalformed(caught)) {
            return ofStatus(HttpStatusCode.valueOf(400), "its address, its headers or its parts are malformed");
        }
        if (hasUnstorableText(caught)) {
            return ofStatus(HttpStatusCode.valueOf(400), "a character that no text may have, NUL for example");
        }
        return unexpected(caught);
    }

    /** Refused by the server's own reading of the request, wherever that is asked for first. */
    private static boolean isMalformed(Throwable caught) {
        for (Throwable e = caught; e != null; e = e.getCause()) {
            if (e instanceof RequestRejectedException
                    || e instanceof MultipartException
                    || e instanceof InvalidParameterException) {
                return true;
            }
        }
        return false;
    }

    private static String types(List<MediaType> types) {
        List<MediaType> plain =
                types.stream().filter(type -> type.getSubtypeSuffix() == null).toList();
        return (plain.isEmpty() ? types : plain)
                .stream().map(MediaType::toString).distinct().collect(Collectors.joining(", "));
    }

    private static String kind(@Nullable Class<?> type) {
        if (type == boolean.class || type == Boolean.class) {
            return "true or false";
        }
        return type == null || (!type.isPrimitive() && !Number.class.isAssignableFrom(type))
                ? "something else"
                : "a whole number";
    }

    /** PostgreSQL keeps no NUL, and a name with one was never given. */
    private static boolean hasUnstorableText(Throwable caught) {
        for (Throwable e = caught; e != null; e = e.getCause()) {
            if (e instanceof java.sql.SQLException sql
                    && ("22021".equals(sql.getSQLState()) || "22P05".equals(sql.getSQLState()))) {
                return true;
            }
        }
        return false;
    }

    static Problem ofStatus(HttpStatusCode status, @Nullable String detail) {
        return switch (status.value()) {
            case 400 ->
                Problem.of(
                        ProblemCode.REQUEST_INVALID,
                        "",
                        "reason",
                        detail == null ? "its address or its headers are malformed" : detail);
            case 401 -> Problem.of(ProblemCode.SIGN_IN_REQUIRED, "");
            case 403 -> Problem.of(ProblemCode.FORBIDDEN, "");
            case 404 -> Problem.of(ProblemCode.REQUEST_NOT_FOUND, "");
            case 405 -> Problem.of(ProblemCode.REQUEST_METHOD, "", "method", "?", "allowed", "GET, POST");
            case 413 -> Problem.of(ProblemCode.REQUEST_TOO_BIG, "", "limit", "4 MB");
            default ->
                status.is4xxClientError()
                        ? Problem.of(
                                ProblemCode.REQUEST_INVALID,
                                "",
                                "reason",
                                detail == null ? Integer.toString(status.value()) : detail)
                        : Problem.of(ProblemCode.UNEXPECTED, "", "reference", "-");
        };
    }

    private static Problem unexpected(Throwable caught) {
        byte[] random = new byte[4];
        RANDOM.nextBytes(random);
        String reference = HexFormat.of().formatHex(random);
        log.error("unexpected, reference {}", reference, caught);
        return Problem.of(ProblemCode.UNEXPECTED, "", "reference", reference);
    }

    private static boolean storeIsAway(Throwable e) {
        return e instanceof CannotGetJdbcConnectionException
                || e instanceof DataAccessResourceFailureException
                || e instanceof CannotCreateTransactionException
                || e instanceof java.sql.SQLTransientConnectionException
                || (e instanceof TransientDataAccessException && e.getCause() instanceof java.sql.SQLException)
                || (e instanceof java.sql.SQLException sql && connectionLost(sql));
    }

    /** Class 08 = connection exceptions; 57P01 to 57P03 = the server is going down or coming up. */
    private static boolean connectionLost(java.sql.SQLException sql) {
        String state = sql.getSQLState();
        return state != null && (state.startsWith("08") || state.startsWith("57P0"));
    }

    private static boolean engineIsAway(Throwable e) {
        return e instanceof StatusRuntimeException status
                        && (status.getStatus().getCode() == Status.Code.UNAVAILABLE
                                || status.getStatus().getCode() == Status.Code.DEADLINE_EXCEEDED)
                || (e instanceof WorkflowServiceException && e.getCause() == null);
    }

    private static String firstLine(Throwable e) {
        String message = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        return message.lines().findFirst().orElse("");
    }
}
