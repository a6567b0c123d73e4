package dev.slipway.activities.git;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jgit.diff.Edit;
import org.eclipse.jgit.diff.HistogramDiff;
import org.eclipse.jgit.diff.RawText;
import org.eclipse.jgit.diff.RawTextComparator;

/**
 * What changed between two texts, line by line, as git tells it.
 *
 * @param lines changed lines with a few around them; a {@link Kind#GAP} where unchanged ones are left out
 * @param cut whether there is more than fits in {@value #MAX_LINES} lines
 */
public record TextDiff(List<Line> lines, int added, int removed, boolean cut) {
    public static final int MAX_LINES = 4_000;
    private static final int CONTEXT = 3;

    public TextDiff {
        lines = List.copyOf(lines);
    }

    public enum Kind {
        SAME,
        ADDED,
        REMOVED,
        GAP
    }

    /**
     * @param before number of the line in the old text, from 1; 0: not there
     * @param after likewise in the new one
     */
    public record Line(Kind kind, int before, int after, String text) {}

    /** Never hangs: where two texts have too little in common, one replaces the other. */
    public static TextDiff between(String before, String after) {
        RawText a = raw(before);
        RawText b = raw(after);
        HistogramDiff algorithm = new HistogramDiff();
        // The fallback is quadratic; a block that is shown as replaced is as true.
        algorithm.setFallbackAlgorithm(null);
        List<Line> lines = new ArrayList<>();
        int added = 0;
        int removed = 0;
        int at = 0;
        int shift = 0;
        for (Edit edit : algorithm.diff(RawTextComparator.DEFAULT, a, b)) {
            same(lines, a, at, edit.getBeginA(), shift, at > 0, true);
            for (int i = edit.getBeginA(); i < edit.getEndA() && lines.size() <= MAX_LINES; i++) {
                lines.add(new Line(Kind.REMOVED, i + 1, 0, a.getString(i)));
            }
            for (int i = edit.getBeginB(); i < edit.getEndB() && lines.size() <= MAX_LINES; i++) {
                lines.add(new Line(Kind.ADDED, 0, i + 1, b.getString(i)));
            }
            added += edit.getLengthB();
            removed += edit.getLengthA();
            at = edit.getEndA();
            shift = edit.getEndB() - edit.getEndA();
        }
        if (added + removed > 0) {
            same(lines, a, at, a.size(), shift, true, false);
        }
        boolean cut = lines.size() > MAX_LINES;
        return new TextDiff(cut ? lines.subList(0, MAX_LINES) : lines, added, removed, cut);
    }

    private static void same(List<Line> lines, RawText a, int from, int to, int shift, boolean after, boolean before) {
        int head = after ? Math.min(to, from + CONTEXT) : from;
        int tail = before ? Math.max(head, to - CONTEXT) : to;
        for (int i = from; i < head; i++) {
            lines.add(new Line(Kind.SAME, i + 1, i + 1 + shift, a.getString(i)));
        }
        if (tail > head) {
            lines.add(new Line(Kind.GAP, 0, 0, ""));
        }
        for (int i = tail; i < to && before; i++) {
            lines.add(new Line(Kind.SAME, i + 1, i + 1 + shift, a.getString(i)));
        }
    }

    private static RawText raw(String text) {
        return new RawText(text.getBytes(StandardCharsets.UTF_8));
    }
}
