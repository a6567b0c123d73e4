package dev.slipway.web.problems;

import dev.slipway.workflows.problem.Problem;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;

/** Which problems a request was answered with, for whoever writes down how it ended. */
public final class ToldProblems {
    private static final String ATTRIBUTE = ToldProblems.class.getName();

    private ToldProblems() {}

    static void note(HttpServletRequest request, List<Problem> problems) {
        request.setAttribute(ATTRIBUTE, List.copyOf(problems));
    }

    /** Empty: none. */
    public static List<Problem> of(HttpServletRequest request) {
        return request.getAttribute(ATTRIBUTE) instanceof List<?> told
                ? told.stream()
                        .filter(Problem.class::isInstance)
                        .map(Problem.class::cast)
                        .toList()
                : List.of();
    }
}
