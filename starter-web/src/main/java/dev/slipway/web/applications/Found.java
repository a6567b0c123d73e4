package dev.slipway.web.applications;

import dev.slipway.web.applications.FormField.Group;
import dev.slipway.web.problems.ProblemText;
import dev.slipway.web.problems.ProblemTexts;
import dev.slipway.workflows.problem.Problem;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A problem with a way to it.
 *
 * @param line of the text; 0: unknown
 * @param field id of the field of a form; empty: none
 */
public record Found(ProblemText text, int line, String field) {
    private static final Pattern LINE = Pattern.compile("(?:^|, )line (\\d{1,7})$");

    /** @param shape the fields of the form; empty: it is a text */
    static List<Found> of(List<Problem> problems, List<Group> shape, ProblemTexts texts, Locale locale) {
        return problems.stream()
                .map(problem -> {
                    Matcher line = LINE.matcher(problem.where());
                    return new Found(
                            texts.text(problem, locale),
                            line.find() ? Integer.parseInt(line.group(1)) : 0,
                            Edits.field(shape, problem.where()));
                })
                .toList();
    }
}
