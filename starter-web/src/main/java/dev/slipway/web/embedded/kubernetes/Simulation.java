package dev.slipway.web.embedded.kubernetes;

import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * What the annotations of a pod (set on the workload's pod template) make the simulated kubelet do. Where there is no
 * annotation, the first container's env says it, {@code SIMULATION_READY_AFTER} for {@value #READY_AFTER}: an application's
 * document has no annotations, and whoever tries Slipway wants to see a component fail.
 *
 * @param readyAfter from scheduling to ready
 * @param failure empty for none; else a reason, or {@code Exit}
 * @param exitCode for {@code CrashLoopBackOff} and {@code Exit:<code>}
 * @param failFirst how many attempts fail before it works; negative for all
 */
record Simulation(Duration readyAfter, String failure, int exitCode, int failFirst) {
    static final String READY_AFTER = "simulation.slipway.dev/ready-after";
    static final String FAIL = "simulation.slipway.dev/fail";
    static final String FAIL_FIRST = "simulation.slipway.dev/fail-first";
    static final String LOG = "simulation.slipway.dev/log";

    private static final Duration DEFAULT_DELAY = Duration.ofMillis(250);
    private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m)");

    static Simulation of(JsonNode pod) {
        String fail = setting(pod, FAIL).strip();
        int exitCode = 1;
        if (fail.startsWith("Exit:")) {
            exitCode = number(fail.substring(5).strip(), 1);
            fail = "Exit";
        }
        int failFirst = number(setting(pod, FAIL_FIRST), -1);
        return new Simulation(duration(setting(pod, READY_AFTER)), fail, exitCode, failFirst);
    }

    /** An annotation's value, or that of the env that stands for it; empty for neither. */
    static String setting(JsonNode pod, String annotation) {
        String annotated = Json.text(Json.at(pod, "metadata", "annotations"), annotation);
        if (!annotated.isEmpty()) {
            return annotated;
        }
        String name = "SIMULATION_"
                + annotation
                        .substring(annotation.indexOf('/') + 1)
                        .replace('-', '_')
                        .toUpperCase(Locale.ROOT);
        for (JsonNode env : pod.path("spec").path("containers").path(0).path("env")) {
            if (Json.text(env, "name").equals(name)) {
                return Json.text(env, "value");
            }
        }
        return "";
    }

    /** Whether attempt number {@code attempt}, from 0, fails with {@code reason}. */
    boolean fails(String reason, int attempt) {
        return failure.equals(reason) && (failFirst < 0 || attempt < failFirst);
    }

    boolean exits(int attempt) {
        return fails("CrashLoopBackOff", attempt) || fails("Exit", attempt);
    }

    private static Duration duration(String text) {
        Matcher matcher = DURATION.matcher(text.strip());
        if (!matcher.matches()) {
            return DEFAULT_DELAY;
        }
        long amount = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            default -> Duration.ofMinutes(amount);
        };
    }

    private static int number(String text, int fallback) {
        try {
            return text.isBlank() ? fallback : Integer.parseInt(text.strip());
        } catch (NumberFormatException e) {
            return fallback;
        }
    }
}
