package dev.slipway.web.cli;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Tells a run while it goes on: each step that moves, then how it ended and why. */
final class RunReport {
    private static final int STATE_WIDTH = 12;

    private final Screen screen;
    private final Words words;
    private final Map<String, String> steps = new HashMap<>();
    private final Set<String> asked = new HashSet<>();
    private String state = "";
    private int ahead = -1;

    RunReport(Screen screen, Words words) {
        this.screen = screen;
        this.words = words;
    }

    /** What has changed since the last time. */
    void tell(JsonNode run) {
        String now = run.path("state").asString("");
        int before = run.path("ahead").asInt(0);
        if (!now.equals(state) || before != ahead && waits(now)) {
            state = now;
            ahead = before;
            if (!now.equals("finished")) {
                screen.line(
                        now,
                        words.word("state", now),
                        STATE_WIDTH,
                        waits(now) && before > 0 ? words.text("run.ahead", before) : "");
            }
        }
        for (JsonNode step : run.path("steps")) {
            step(step);
        }
        for (JsonNode question : run.path("questions")) {
            String id = question.path("id").asString("");
            if (!question.path("answer").isObject() && asked.add(id)) {
                List<String> choices = new ArrayList<>();
                question.path("choices").forEach(choice -> choices.add(choice.asString("")));
                screen.line(words.text("answer.asked", run.path("id").asString(""), String.join("|", choices), id));
            }
        }
    }

    private static boolean waits(String state) {
        return state.equals("accepted") || state.equals("queued");
    }

    private void step(JsonNode step) {
        String id = step.path("id").asString("");
        String now = step.path("state").asString("");
        String cause = step.path("problem").path("what").asString("");
        if (cause.isEmpty()) {
            cause = step.path("obstacle").path("what").asString("");
        }
        String told = now + " " + step.path("attempt").asInt(0) + " " + cause;
        if (told.equals(steps.put(id, told)) || now.equals("pending") || now.equals("queued")) {
            return;
        }
        String took = took(step);
        screen.line(
                now,
                words.word("state", now),
                STATE_WIDTH,
                id + (took.isEmpty() ? "" : "  " + took) + (cause.isEmpty() ? "" : "  " + cause));
    }

    private String took(JsonNode step) {
        String from = step.path("startedAt").asString("");
        String to = step.path("endedAt").asString("");
        return from.isEmpty() || to.isEmpty()
                ? ""
                : words.duration(Duration.between(Instant.parse(from), Instant.parse(to)));
    }

    /** @return the exit code */
    int end(JsonNode run, String page) {
        String outcome = run.path("outcome").asString("");
        screen.line(outcome, words.word("state", outcome), 0, " " + words.word("outcome", outcome));
        run.path("problems").forEach(screen::problem);
        run.path("causes").forEach(cause -> screen.problem(cause.path("problem")));
        screen.line(page);
        return exit(run);
    }

    static int exit(JsonNode run) {
        return switch (run.path("outcome").asString("")) {
            case "succeeded", "unchanged" -> Exit.DONE;
            default -> Exit.FAILED;
        };
    }
}
