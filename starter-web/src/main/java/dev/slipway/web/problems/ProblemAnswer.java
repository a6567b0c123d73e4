package dev.slipway.web.problems;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.slipway.workflows.problem.Problem;
import java.util.List;
import java.util.Locale;

/**
 * The body of a refused API request, {@code application/problem+json}.
 *
 * @param type a stable name of the kind of problem
 * @param title same as {@code what}, for clients that know RFC 9457 only
 * @param status the HTTP status
 * @param code the code of the first problem
 * @param what what is wrong
 * @param where the place
 * @param fix what to do
 * @param problems all of them, the first included; empty when there is only one
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9457">RFC 9457</a>
 */
public record ProblemAnswer(
        String type,
        String title,
        int status,
        String code,
        String what,
        String where,
        String fix,
        @JsonInclude List<ProblemText> problems) {

    public static ProblemAnswer of(List<Problem> problems, ProblemTexts texts, Locale locale) {
        ProblemText first = texts.text(problems.get(0), locale);
        return new ProblemAnswer(
                "urn:slipway:problem:" + first.code(),
                first.what(),
                ProblemStatus.of(problems.get(0).code()),
                first.code(),
                first.what(),
                first.where(),
                first.fix(),
                problems.size() == 1 ? List.of() : texts.texts(problems, locale));
    }
}
