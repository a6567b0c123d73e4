package dev.slipway.workflows.application.yaml;

import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;

/** Words of a document as they are shown in problems, and how alike two of them are. */
public final class Words {
    private static final int SHOWN_CHARACTERS = 80;
    private static final int SHOWN_NAMES = 30;
    /** In place of a suggestion when there is nothing to suggest. */
    public static final String NOTHING = "–";

    private Words() {}

    /** At most 80 characters of what a stranger wrote, without control characters. */
    public static String shown(String text) {
        String head = text.length() <= SHOWN_CHARACTERS ? text : text.substring(0, SHOWN_CHARACTERS - 1) + "…";
        StringBuilder shown = new StringBuilder(head.length());
        head.codePoints().forEach(c -> {
            if (c == '\n') {
                shown.append("\\n");
            } else if (Character.isISOControl(c) || (c >= 0xD800 && c <= 0xDFFF)) {
                shown.append('\uFFFD');
            } else {
                shown.appendCodePoint(c);
            }
        });
        return shown.toString();
    }

    /** The words of an enum as they are written in a document. */
    public static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    /** {@code a | b | c}, at most 30 of them. */
    public static String list(Collection<String> words) {
        if (words.isEmpty()) {
            return NOTHING;
        }
        String text = words.stream()
                .limit(SHOWN_NAMES)
                .map(Words::shown)
                .reduce((a, b) -> a + " | " + b)
                .orElse(NOTHING);
        return words.size() > SHOWN_NAMES ? text + " | …" : text;
    }

    /** The word of {@code among} that is most like {@code word}; {@value #NOTHING} when there is none. */
    public static String closest(String word, Collection<String> among) {
        return among.stream()
                .limit(1_000)
                .min(Comparator.comparingInt(candidate -> distance(word, candidate)))
                .map(Words::shown)
                .orElse(NOTHING);
    }

    /** Whether {@code word} is probably a slip of the pen for {@code meant}. */
    static boolean isSlip(String word, String meant) {
        return distance(word, meant) <= 1 + meant.length() / 4;
    }

    /** Edits between two words, a swap of neighbours counted as one; case, {@code -} and {@code _} do not count. */
    static int distance(String left, String right) {
        String a = plain(left);
        String b = plain(right);
        int[] before = new int[b.length() + 1];
        int[] last = new int[b.length() + 1];
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            last[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                row[j] = Math.min(Math.min(row[j - 1], last[j]) + 1, last[j - 1] + change);
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    row[j] = Math.min(row[j], before[j - 2] + 1);
                }
            }
            int[] spare = before;
            before = last;
            last = row;
            row = spare;
            Arrays.fill(row, 0);
        }
        return last[b.length()];
    }

    private static String plain(String word) {
        String head = word.length() <= SHOWN_CHARACTERS ? word : word.substring(0, SHOWN_CHARACTERS);
        return head.toLowerCase(Locale.ROOT).replace("-", "").replace("_", "");
    }
}
