package dev.slipway.web.shell;

import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;

/** Names that people give to what they add: labels as DNS has them, which also stand in the addresses of pages. */
public final class GivenName {
    /** Of environments, clusters and logins: with room for what Slipway puts behind them. */
    public static final int LONGEST = 40;

    /** As many characters of a wrong one are shown. */
    private static final int SHOWN = 80;

    private GivenName() {}

    /** @param longest in characters */
    public static boolean isOne(String name, int longest) {
        return name.matches(pattern(longest));
    }

    /** @param example of one that is right */
    public static Problem refused(String field, String name, int longest, String example) {
        return Problem.of(
                ProblemCode.DOC_NAME,
                field,
                "name",
                shown(name),
                "limit",
                Integer.toString(longest),
                "pattern",
                pattern(longest),
                "example",
                example);
    }

    private static String pattern(int longest) {
        return "[a-z0-9]([-a-z0-9]{0," + (longest - 2) + "}[a-z0-9])?";
    }

    /** Short enough for a message. */
    public static String shown(String text) {
        return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "…";
    }
}
