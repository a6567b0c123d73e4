package dev.slipway.web.problems;

import dev.slipway.workflows.problem.Problem;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Optional;

/** Which problem a request was answered with first, for whoever writes down how it ended. */
public final class ToldProblems {
    private static final String ATTRIBUTE = ToldProblems.class.getName();

    private ToldProblems() {}

    static void note(HttpServletRequest request, List<Problem> problems) {
        if (!problems.isEmpty()) {
            note(request, problems.get(0).code().id());
        }
    }

    /** @param code {@code SLP-PEOPLE-EXISTS} */
    public static void note(HttpServletRequest request, String code) {
        request.setAttribute(ATTRIBUTE, code);
    }

    /** The code of it; empty: none. */
    public static Optional<String> first(HttpServletRequest request) {
        return Optional.ofNullable((String) request.getAttribute(ATTRIBUTE));
    }
}
