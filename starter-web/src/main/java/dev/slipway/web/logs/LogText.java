package dev.slipway.web.logs;

import dev.slipway.activities.kubernetes.log.Ansi;
import dev.slipway.activities.kubernetes.log.LogBuffer.Batch;
import dev.slipway.activities.kubernetes.log.LogLine;
import dev.slipway.activities.kubernetes.log.LogLine.Kind;
import dev.slipway.web.shell.Wording;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Lines of a log as a reader gets them: as text, or as what the page puts together. Pure. */
final class LogText {
    private LogText() {}

    /**
     * A line for the page, which writes all of it as text.
     *
     * @param kind {@code text}, or a word about the log
     * @param at time with its zone; {@code null}: none
     * @param clock time of day for the eye; empty: none
     * @param spans pieces with their styles
     * @param cut what was left out at the end; empty: nothing
     */
    record Row(String kind, String pod, @Nullable String at, String clock, List<Ansi.Span> spans, String cut) {}

    static List<Row> rows(Batch batch, Wording words) {
        List<Row> rows = new ArrayList<>();
        if (batch.skipped() > 0) {
            rows.add(word("skipped", "", skipped(batch.skipped(), words)));
        }
        batch.lines().forEach(line -> rows.add(row(line, words)));
        return rows;
    }

    static Row row(LogLine line, Wording words) {
        if (line.kind() != Kind.TEXT) {
            return word("word", line.pod(), said(line, words));
        }
        return new Row(
                "text",
                line.pod(),
                line.at() == null ? null : line.at().toString(),
                line.at() == null ? "" : words.clock(line.at()),
                Ansi.spans(line.text()),
                cut(line, words));
    }

    static Row word(String kind, String pod, String text) {
        return new Row(kind, pod, null, "", List.of(new Ansi.Span(text, "")), "");
    }

    /** The line alone, each with its pod in front. */
    static String plain(LogLine line, Wording words) {
        return line.kind() == Kind.TEXT
                ? line.pod() + " " + (line.at() == null ? "" : line.at() + " ") + Ansi.plain(line.text())
                        + cut(line, words) + "\n"
                : "# " + said(line, words) + "\n";
    }

    static String skipped(long lines, Wording words) {
        return words.say("log.skipped", String.format(words.locale(), "%,d", lines));
    }

    private static String cut(LogLine line, Wording words) {
        return line.cut() == 0
                ? ""
                : " … " + words.say("log.cut", String.format(words.locale(), "%,d", (line.cut() + 1023) / 1024));
    }

    private static String said(LogLine line, Wording words) {
        return switch (line.kind()) {
            case BEGINS -> words.say("log.begins", line.pod());
            case ENDS -> words.say("log.ends", line.pod());
            case LEFT_OUT -> words.say("log.leftOut", line.text());
            default -> line.pod() + ": " + Ansi.plain(line.text());
        };
    }
}
