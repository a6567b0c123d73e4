package dev.slipway.web.problems;

import dev.slipway.web.access.OpenToAll;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Locale;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.http.HttpStatusCode;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.RequestMapping;

/** Refusals from outside the controllers (filters, the server itself), in the same shape. */
@Controller
@OpenToAll("it tells what another route refused")
final class ErrorPage implements ErrorController {
    private final ProblemTexts texts;

    ErrorPage(ProblemTexts texts) {
        this.texts = texts;
    }

    @RequestMapping("${server.error.path:${error.path:/error}}")
    Object error(HttpServletRequest request, Locale locale) {
        Object uri = request.getAttribute(RequestDispatcher.ERROR_REQUEST_URI);
        Object status = request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE);
        Object caught = request.getAttribute(RequestDispatcher.ERROR_EXCEPTION);
        var problems = caught instanceof Throwable exception
                ? CaughtProblems.of(exception)
                : List.of(CaughtProblems.ofStatus(
                        HttpStatusCode.valueOf(status instanceof Integer code ? code : 404), null));
        return ProblemAdvice.answer(
                problems,
                uri instanceof String path && ProblemAdvice.isApi(path),
                ProblemAdvice.isFragment(request),
                texts,
                locale);
    }
}
