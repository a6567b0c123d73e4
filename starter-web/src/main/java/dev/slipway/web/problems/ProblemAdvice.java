package dev.slipway.web.problems;

import dev.slipway.web.shell.ShellInterceptor;
import dev.slipway.workflows.problem.Problem;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.ErrorResponse;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.context.request.async.AsyncRequestNotUsableException;
import org.springframework.web.servlet.ModelAndView;

/** Whatever a controller throws: problem+json under {@code /api}, the page {@code error} elsewhere. Never a stack trace. */
@ControllerAdvice
final class ProblemAdvice {
    private final ProblemTexts texts;

    ProblemAdvice(ProblemTexts texts) {
        this.texts = texts;
    }

    @ExceptionHandler
    Object handle(Exception caught, HttpServletRequest request, HttpServletResponse response, Locale locale)
            throws IOException {
        List<Problem> problems = CaughtProblems.of(caught);
        ToldProblems.note(request, problems);
        if (caught instanceof ErrorResponse refused) {
            // Allow and Accept: what would have been right.
            refused.getHeaders().forEach((name, values) -> response.setHeader(name, String.join(", ", values)));
        }
        boolean api = isApi(request.getRequestURI());
        if (!api && request.getAttribute(ShellInterceptor.SHELL) == null) {
            // It came to no route, and so to no frame for a page: the page of errors has one.
            response.sendError(ProblemStatus.of(problems.get(0).code()));
            return new ModelAndView();
        }
        return answer(problems, api, isFragment(request), texts, locale);
    }

    /** The reader went away in mid-answer: there is nobody to tell. */
    @ExceptionHandler({AsyncRequestNotUsableException.class, org.apache.catalina.connector.ClientAbortException.class})
    void readerLeft(IOException gone) {}

    static Object answer(List<Problem> problems, boolean api, boolean fragment, ProblemTexts texts, Locale locale) {
        int status = ProblemStatus.of(problems.get(0).code());
        if (api) {
            return ResponseEntity.status(status)
                    .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                    .body(ProblemAnswer.of(problems, texts, locale));
        }
        return new ModelAndView(
                fragment ? "error :: refused" : "error",
                Map.of("status", status, "problems", texts.texts(problems, locale)),
                HttpStatusCode.valueOf(status));
    }

    /** Only a part of a page is asked for: the answer must not bring the frame along. */
    static boolean isFragment(HttpServletRequest request) {
        return request.getHeader("HX-Request") != null;
    }

    static boolean isApi(String path) {
        return path.equals("/api") || path.startsWith("/api/");
    }
}
