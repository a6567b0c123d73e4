package dev.slipway.activities.store;

import java.util.List;

/**
 * Why something was done or not, as a word of {@code push.reason} in the texts of pages and what belongs into it.
 *
 * @param arguments cut to what a line has room for
 */
public record Reason(String code, List<String> arguments) {
    private static final int LONGEST = 300;

    public Reason {
        arguments = arguments.stream()
                .map(text -> text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…")
                .toList();
    }

    public static Reason of(String code, String... arguments) {
        return new Reason(code, List.of(arguments));
    }
}
