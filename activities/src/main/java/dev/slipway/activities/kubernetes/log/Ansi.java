package dev.slipway.activities.kubernetes.log;

import java.util.ArrayList;
import java.util.List;

/**
 * Text that was meant for a terminal, made inert: colours become names, everything else that a terminal would obey is left out.
 * So is what turns the direction of writing, which makes a line read as what it is not. Pure.
 *
 * @see <a href="https://ecma-international.org/publications-and-standards/standards/ecma-48/">ECMA-48</a>
 */
public final class Ansi {
    private static final char ESCAPE = 0x1b;
    private static final char BELL = 0x07;
    private static final char CSI = 0x9b;
    private static final String RESET = ESCAPE + "[0m";
    private static final int DEFAULT = -1;

    /**
     * A piece of a line.
     *
     * @param style names for the style sheet: {@code c0} to {@code c15} for the colour, {@code bold}; empty: none
     */
    public record Span(String text, String style) {}

    private final String text;
    private final List<Span> spans = new ArrayList<>();
    private final StringBuilder run = new StringBuilder();
    private int colour = DEFAULT;
    private boolean bold;
    private int at;

    private Ansi(String text) {
        this.text = text;
    }

    public static List<Span> spans(String text) {
        Ansi ansi = new Ansi(text);
        ansi.read();
        return List.copyOf(ansi.spans);
    }

    /** The text alone. */
    public static String plain(String text) {
        if (text.chars().allMatch(c -> shown((char) c))) {
            return text;
        }
        StringBuilder plain = new StringBuilder(text.length());
        spans(text).forEach(span -> plain.append(span.text()));
        return plain.toString();
    }

    /** The text with its colours as a terminal shows them, and with nothing else that one would obey. */
    public static String coloured(String text) {
        if (text.chars().allMatch(c -> shown((char) c))) {
            return text;
        }
        StringBuilder coloured = new StringBuilder(text.length());
        spans(text)
                .forEach(span -> coloured.append(span.style().isEmpty() ? "" : sequence(span.style()))
                        .append(span.text())
                        .append(span.style().isEmpty() ? "" : RESET));
        return coloured.toString();
    }

    private static String sequence(String style) {
        List<String> codes = new ArrayList<>();
        for (String name : style.split(" ")) {
            int colour = name.equals("bold") ? DEFAULT : Integer.parseInt(name.substring(1));
            codes.add(Integer.toString(colour == DEFAULT ? 1 : colour < 8 ? 30 + colour : 90 + colour - 8));
        }
        return ESCAPE + "[" + String.join(";", codes) + "m";
    }

    private void read() {
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c == ESCAPE) {
                escape();
            } else if (c == CSI) {
                control();
            } else if (shown(c)) {
                run.append(c);
            }
        }
        end();
    }

    private static boolean shown(char c) {
        boolean control = c < 0x20 && c != '\t' || c >= 0x7f && c < 0xa0;
        boolean turns = c >= 0x202a && c <= 0x202e || c >= 0x2066 && c <= 0x2069 || c == 0x200e || c == 0x200f;
        return !control && !turns;
    }

    private void escape() {
        if (at == text.length()) {
            return;
        }
        char kind = text.charAt(at++);
        switch (kind) {
            case '[' -> control();
            case ']', 'P', 'X', '^', '_' -> string();
            case '(', ')', '*', '+', '#', ' ', '%' -> at = Math.min(at + 1, text.length());
            default -> {
                // A sequence of two characters, both left out.
            }
        }
    }

    /** Until its final character; what is no part of such a sequence ends it. */
    private void control() {
        int from = at;
        while (at < text.length() && text.charAt(at) >= 0x20 && text.charAt(at) < 0x40) {
            at++;
        }
        if (at == text.length() || text.charAt(at) > 0x7e || text.charAt(at) < 0x20) {
            return;
        }
        if (text.charAt(at++) == 'm') {
            end();
            rendition(text.substring(from, at - 1).split("[;:]", -1));
        }
    }

    /** A title, a link, a device's own: until the bell or the terminator. */
    private void string() {
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c == BELL || c == 0x9c) {
                return;
            }
            if (c == ESCAPE && at < text.length() && text.charAt(at) == '\\') {
                at++;
                return;
            }
        }
    }

    private void rendition(String[] codes) {
        for (int i = 0; i < codes.length; i++) {
            int code = number(codes[i]);
            if (code == 0) {
                colour = DEFAULT;
                bold = false;
            } else if (code == 1) {
                bold = true;
            } else if (code == 22) {
                bold = false;
            } else if (code >= 30 && code <= 37) {
                colour = code - 30;
            } else if (code >= 90 && code <= 97) {
                colour = code - 90 + 8;
            } else if (code == 39) {
                colour = DEFAULT;
            } else if (code == 38 || code == 48) {
                boolean indexed = i + 1 < codes.length && number(codes[i + 1]) == 5;
                if (indexed && code == 38 && i + 2 < codes.length) {
                    int index = number(codes[i + 2]);
                    colour = index >= 0 && index < 16 ? index : DEFAULT;
                }
                i += indexed ? 2 : 4;
            }
        }
    }

    private static int number(String code) {
        if (code.isEmpty()) {
            return 0;
        }
        return code.length() <= 3 && code.chars().allMatch(c -> c >= '0' && c <= '9') ? Integer.parseInt(code) : -1;
    }

    private void end() {
        if (run.length() > 0) {
            String style = (colour == DEFAULT ? "" : "c" + colour) + (bold ? " bold" : "");
            spans.add(new Span(run.toString(), style.strip()));
            run.setLength(0);
        }
    }
}
