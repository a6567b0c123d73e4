package dev.slipway.web.cli;

import java.util.regex.Pattern;

/**
 * Text that cannot act on a terminal. Whatever a server says may hold what somebody else wrote: a title, a log, a commit's
 * message; escape sequences in it could move the cursor, rename the window, or fill the clipboard.
 */
final class Plain {
    private static final Pattern SEQUENCE = Pattern.compile(
            "\\x1b(?:\\[[0-?]*[ -/]*[@-~]" // colours, cursor
                    + "|[\\]PX^_][^\\x07\\x1b]*(?:\\x07|\\x1b\\\\)?" // titles, clipboard, links
                    + "|[ -/]*[0-~])");
    /** C0 and C1 controls but for tab, and what turns the direction of writing. */
    private static final Pattern CONTROL =
            Pattern.compile("[\\x00-\\x08\\x0a-\\x1f\\x7f-\\x9f\\u200e\\u200f\\u061c\\u202a-\\u202e\\u2066-\\u2069]");

    private Plain() {}

    /** One line of it. */
    static String line(String text) {
        return CONTROL.matcher(SEQUENCE.matcher(text.replace("\r\n", " ").replace('\n', ' '))
                        .replaceAll(""))
                .replaceAll("");
    }

    /** JSON escapes C0 by itself; the rest can stand in strings only, where an escape means the same. */
    static String json(String document) {
        return Pattern.compile("[\\x7f-\\x9f\\u200e\\u200f\\u061c\\u202a-\\u202e\\u2066-\\u2069\\u2028\\u2029]")
                .matcher(document)
                .replaceAll(
                        found -> String.format("\\\\u%04x", (int) found.group().charAt(0)));
    }
}
