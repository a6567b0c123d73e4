package dev.slipway.web.shell;

/** The colour of a state and the shape that goes with it; the word comes from the messages. */
public final class Tone {
    private Tone() {}

    /** Class of the style sheet: {@code t-good}, {@code t-busy}, {@code t-bad}, {@code t-warn}, {@code t-quiet}. */
    public static String of(String state) {
        return switch (state) {
            case "healthy",
                    "done",
                    "succeeded",
                    "unchanged",
                    "deployed",
                    "reachable",
                    "delivered",
                    "started",
                    "allowed" -> "t-good";
            case "progressing", "running", "planning", "deploying" -> "t-busy";
            case "degraded", "failed", "rollbackIncomplete", "terminated", "unreachable", "unusable", "dead" -> "t-bad";
            case "suspended", "retrying", "parked", "waiting", "blocked", "refused", "partial", "rolledBack" ->
                "t-warn";
            default -> "t-quiet";
        };
    }

    /** Id of the shape in the page's set: one for each meaning, so that no state is told by colour alone. */
    public static String glyph(String state) {
        return switch (state) {
            case "healthy", "done", "succeeded", "deployed", "reachable", "delivered", "started", "allowed" ->
                "g-check";
            case "unchanged" -> "g-equals";
            case "progressing", "running", "planning", "deploying" -> "g-arc";
            case "degraded", "failed", "rollbackIncomplete", "unreachable", "unusable", "dead" -> "g-triangle";
            case "suspended", "waiting", "parked", "paused" -> "g-pause";
            case "retrying", "rolledBack", "undone" -> "g-again";
            case "blocked", "refused", "terminated" -> "g-barred";
            case "partial" -> "g-half";
            case "stopped", "cancelled" -> "g-square";
            case "queued", "accepted", "waits" -> "g-clock";
            case "skipped", "superseded", "replaced" -> "g-skip";
            case "pending" -> "g-ring";
            default -> "g-dashes";
        };
    }
}
