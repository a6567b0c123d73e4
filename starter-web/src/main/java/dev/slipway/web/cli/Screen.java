package dev.slipway.web.cli;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What is printed: results to standard output, all else to standard error; nothing that a terminal would obey. */
final class Screen {
    private static final String RED = "\u001b[31m";
    private static final String GREEN = "\u001b[32m";
    private static final String YELLOW = "\u001b[33m";
    private static final String PLAIN = "\u001b[0m";

    private final PrintStream out;
    private final PrintStream err;
    private final boolean colours;
    private final JsonMapper json;

    Screen(PrintStream out, PrintStream err, boolean colours, JsonMapper json) {
        this.out = out;
        this.err = err;
        this.colours = colours;
        this.json = json;
    }

    void line(String text) {
        out.println(Plain.line(text));
    }

    /** A state in its colour, padded to a column, then the rest. */
    void line(String state, String word, int width, String rest) {
        String padded = pad(Plain.line(word), width);
        out.println((colours ? colour(state) + padded + PLAIN : padded) + " " + Plain.line(rest));
    }

    void json(JsonNode document) {
        out.println(Plain.json(json.writeValueAsString(document)));
    }

    void note(String text) {
        err.println(Plain.line(text));
    }

    void errorJson(JsonNode document) {
        err.println(Plain.json(json.writeValueAsString(document)));
    }

    void error(String text) {
        String plain = Plain.line(text);
        err.println(colours ? RED + plain + PLAIN : plain);
    }

    /** Columns as wide as their widest cell; the last one is not padded. */
    void table(List<List<String>> rows) {
        List<List<String>> plain =
                rows.stream().map(row -> row.stream().map(Plain::line).toList()).toList();
        for (List<String> row : plain) {
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < row.size(); i++) {
                int column = i;
                int width = plain.stream()
                        .mapToInt(other -> width(other.get(column)))
                        .max()
                        .orElse(0);
                text.append(i == row.size() - 1 ? row.get(i) : pad(row.get(i), width) + "  ");
            }
            out.println(text.toString().stripTrailing());
        }
    }

    private static String pad(String text, int width) {
        return text + " ".repeat(Math.max(0, width - width(text)));
    }

    /** Chinese characters take two columns. */
    static int width(String text) {
        return text.codePoints()
                .map(point -> Character.UnicodeScript.of(point) == Character.UnicodeScript.HAN
                                || point >= 0xff00 && point <= 0xff60
                                || point >= 0x3000 && point <= 0x303f
                        ? 2
                        : 1)
                .sum();
    }

    private static String colour(String state) {
        return switch (state.toLowerCase(Locale.ROOT)) {
            case "healthy", "done", "succeeded", "unchanged", "create" -> GREEN;
            case "failed", "degraded", "refused", "terminated", "rollbackincomplete", "delete" -> RED;
            case "progressing",
                    "running",
                    "retrying",
                    "parked",
                    "waiting",
                    "blocked",
                    "stopped",
                    "cancelled",
                    "change" -> YELLOW;
            default -> PLAIN;
        };
    }

    /** What, where and how to mend it, of one problem or of several. */
    void problem(JsonNode problem) {
        List<JsonNode> all = new ArrayList<>();
        problem.path("problems").forEach(all::add);
        if (all.isEmpty()) {
            all.add(problem);
        }
        for (JsonNode one : all) {
            String where = one.path("where").asString("");
            error(one.path("what").asString("") + (where.isEmpty() ? "" : "  (" + where + ")") + "  ["
                    + one.path("code").asString("") + "]");
            String fix = one.path("fix").asString("");
            if (!fix.isEmpty()) {
                note("  " + fix);
            }
        }
    }
}
