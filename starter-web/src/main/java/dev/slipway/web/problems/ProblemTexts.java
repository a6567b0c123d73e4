package dev.slipway.web.problems;

import dev.slipway.workflows.problem.Problem;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.MissingResourceException;
import java.util.ResourceBundle;
import java.util.ResourceBundle.Control;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Turns problems into sentences of a language, from {@code messages/problems*.properties}; English where there is no other. */
@Component
public final class ProblemTexts {
    private static final Pattern ARGUMENT = Pattern.compile("\\{([A-Za-z0-9_-]+)\\}");
    /** How many pods of how many a cause was found at, {@code 5/6}: said where it is more than one of one. */
    private static final String PODS = "pods";

    // A Chinese machine must not answer an English reader in Chinese.
    private static final Control NO_SYSTEM_LOCALE = Control.getNoFallbackControl(Control.FORMAT_PROPERTIES);

    public ProblemText text(Problem problem, Locale locale) {
        String code = problem.code().id();
        String what = fill(sentence(code + ".what", locale), problem);
        if (problem.arguments().containsKey(PODS)) {
            what += " " + fill(sentence("affected", locale), problem);
        }
        return new ProblemText(
                code,
                what,
                problem.where(),
                fill(sentence(code + ".fix", locale), problem),
                page(problem),
                texts(problem.also(), locale));
    }

    public List<ProblemText> texts(List<Problem> problems, Locale locale) {
        return problems.stream().map(problem -> text(problem, locale)).toList();
    }

    private static @Nullable String page(Problem problem) {
        return switch (problem.code()) {
            case GIT_DENIED -> {
                String url = problem.arguments().getOrDefault("url", "");
                yield "/git/new?kind=" + (url.startsWith("https:") ? "password" : "sshKey") + "&address="
                        + URLEncoder.encode(url, StandardCharsets.UTF_8);
            }
            case GIT_HOST_UNKNOWN, GIT_HOST_CHANGED -> "/git#hosts";
            default -> null;
        };
    }

    private static String sentence(String key, Locale locale) {
        try {
            return ResourceBundle.getBundle("messages.problems", locale, NO_SYSTEM_LOCALE)
                    .getString(key);
        } catch (MissingResourceException e) {
            // The catalogue test keeps this from happening; a person still gets the code.
            return key;
        }
    }

    /** An argument is inserted as it is: braces in it are not looked up again. */
    private static String fill(String sentence, Problem problem) {
        Matcher matcher = ARGUMENT.matcher(sentence);
        StringBuilder filled = new StringBuilder();
        while (matcher.find()) {
            String name = matcher.group(1);
            String value =
                    name.equals("where") ? problem.where() : problem.arguments().getOrDefault(name, "?");
            matcher.appendReplacement(filled, Matcher.quoteReplacement(value));
        }
        return matcher.appendTail(filled).toString();
    }
}
