package dev.slipway.web.chat;

import dev.slipway.web.problems.ProblemText;
import dev.slipway.web.problems.ProblemTexts;
import dev.slipway.web.shell.Wording;
import dev.slipway.workflows.problem.Problem;
import java.util.List;
import java.util.stream.Collectors;

/** Sentences for one reader. What others wrote stands in them as one line, not longer than a line. */
final class ChatWords {
    private static final int LONGEST = 300;

    private final Wording wording;
    private final ProblemTexts problems;

    ChatWords(Wording wording, ProblemTexts problems) {
        this.wording = wording;
        this.problems = problems;
    }

    String text(String key, Object... arguments) {
        Object[] lines = new Object[arguments.length];
        for (int i = 0; i < lines.length; i++) {
            lines[i] = arguments[i] instanceof String text ? line(text) : arguments[i];
        }
        return wording.say(key, lines);
    }

    String word(String kind, String value) {
        return wording.word(kind, value);
    }

    String reason(String reason) {
        return line(wording.reason(reason));
    }

    /** What is wrong and what to do, of the first few. */
    String problems(List<Problem> all) {
        return all.stream()
                .limit(3)
                .map(problem -> {
                    ProblemText text = problems.text(problem, wording.locale());
                    String where = text.where().isEmpty() ? "" : " (" + line(text.where()) + ")";
                    return line(text.what()) + where + " " + line(text.fix()) + " [" + text.code() + "]";
                })
                .collect(Collectors.joining("\n"));
    }

    private static String line(String text) {
        String one = text.replaceAll("\\s+", " ").strip();
        return one.length() <= LONGEST ? one : one.substring(0, LONGEST) + "…";
    }
}
