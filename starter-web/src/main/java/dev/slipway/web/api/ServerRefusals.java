package dev.slipway.web.api;

import dev.slipway.web.problems.ProblemAnswer;
import dev.slipway.web.problems.ProblemTexts;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/**
 * What the server itself refuses, before any code of ours is asked: an address with a NUL in it, headers of more than 8 KiB.
 * Made by Tomcat, by its name.
 */
public final class ServerRefusals extends ErrorReportValve {
    private static final Logger LOG = LoggerFactory.getLogger(ServerRefusals.class);

    private final ProblemTexts texts = new ProblemTexts();
    private final JsonMapper json = JsonMapper.builder().build();

    @Override
    protected void report(Request request, Response response, Throwable caught) {
        int status = response.getStatus();
        if (status < 400 || response.getContentWritten() > 0 || !response.setErrorReported()) {
            return;
        }
        try {
            ProblemAnswer answer = ProblemAnswer.of(List.of(problem(status)), texts, Locale.ENGLISH);
            response.setContentType("application/problem+json");
            response.getReporter().write(new String(json.writeValueAsBytes(answer), StandardCharsets.UTF_8));
            response.finishResponse();
        } catch (IOException | IllegalStateException left) {
            LOG.debug("nobody to tell", left);
        }
    }

    private static Problem problem(int status) {
        return switch (status) {
            case 404 -> Problem.of(ProblemCode.REQUEST_NOT_FOUND, "");
            case 405 -> Problem.of(ProblemCode.REQUEST_METHOD, "", "method", "TRACE", "allowed", "GET, POST");
            case 413 -> Problem.of(ProblemCode.REQUEST_TOO_BIG, "", "limit", "4 MB");
            default ->
                status < 500
                        ? Problem.of(
                                ProblemCode.REQUEST_INVALID,
                                "",
                                "reason",
                                "its address or its headers are malformed or too long")
                        : Problem.of(ProblemCode.UNEXPECTED, "", "reference", "-");
        };
    }
}
