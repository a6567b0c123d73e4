package dev.slipway.activities.detect;

import dev.slipway.workflows.application.Port;
import dev.slipway.workflows.application.Probes.Http;
import dev.slipway.workflows.application.Probes.Probe;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A {@code healthcheck} as a readiness probe. */
final class ComposeProbe {
    private static final Pattern ASKS = Pattern.compile(
            "(?:^|.*[\\s/])(?:curl|wget)\\s.*?https?://([A-Za-z0-9.-]+)(?::(\\d{1,5}))?(/[^\\s\"'|]*)?(?:[\\s\"'|].*)?");
    /** A longer command asks nothing that is looked for: it takes the pattern the cube of its length to see that. */
    private static final int LONGEST = 1_024;

    private static final Pattern SPAN = Pattern.compile("(\\d{1,9})(?:[.]\\d+)?(ms|us|h|m|s)");

    private ComposeProbe() {}

    /** Empty: there is none, or it is switched off. */
    static Optional<Probe> of(ComposeNode check, ComponentDraft draft) {
        Object test = check.get("test");
        List<String> words = new ArrayList<>(
                test instanceof List<?> list
                        ? list.stream().map(String::valueOf).toList()
                        : test == null ? List.of() : List.of("CMD-SHELL", test.toString()));
        boolean off = check.text("disable").equals("true")
                || words.isEmpty()
                || words.get(0).equals("NONE");
        if (off || words.size() < 2) {
            return Optional.empty();
        }
        boolean shell = words.remove(0).equals("CMD-SHELL");
        Http http = http(String.join(" ", words), draft);
        List<String> command = shell ? List.of("sh", "-c", words.get(0)) : words;
        // A file that was mounted with its mode has none here.
        boolean script = draft.files.stream().anyMatch(file -> file.path().equals(words.get(0)));
        return Optional.of(new Probe(
                http,
                null,
                http != null ? List.of() : script ? Project.both(List.of("sh"), words) : command,
                null,
                seconds(check.text("start_period"), 0),
                seconds(check.text("interval"), 1),
                seconds(check.text("timeout"), 1),
                count(check.text("retries")),
                null));
    }

    /** Asked of itself by curl or wget: the platform can ask that too, and the image needs neither. */
    private static @Nullable Http http(String command, ComponentDraft draft) {
        Matcher asks = ASKS.matcher(command);
        if (command.length() > LONGEST || !asks.matches() || command.contains("https://")) {
            return null;
        }
        boolean itself =
                List.of("localhost", "127.0.0.1", "0.0.0.0", draft.name).contains(asks.group(1));
        int number = asks.group(2) == null ? 80 : Integer.parseInt(asks.group(2));
        Port port = draft.ports.get(number);
        if (!itself || port == null || port.protocol() == Port.Protocol.UDP) {
            return null;
        }
        return new Http(port.name(), asks.group(3) == null ? "/" : asks.group(3));
    }

    /** {@code 1m30s} in whole seconds, rounded up; {@code null}: not given, or nothing that can be read. */
    static @Nullable Integer seconds(String text, int least) {
        Matcher span = SPAN.matcher(text);
        double seconds = 0;
        int end = 0;
        while (span.find() && span.start() == end) {
            double number = Double.parseDouble(span.group(0).replaceAll("[a-z]+", ""));
            seconds += switch (span.group(2)) {
                case "h" -> number * 3_600;
                case "m" -> number * 60;
                case "s" -> number;
                case "ms" -> number / 1_000;
                default -> number / 1_000_000;
            };
            end = span.end();
        }
        return text.isEmpty() || end != text.length() || seconds > 86_400
                ? null
                : Integer.valueOf(Math.max(least, (int) Math.ceil(seconds)));
    }

    private static @Nullable Integer count(String text) {
        return text.matches("[1-9][0-9]{0,2}") ? Integer.valueOf(text) : null;
    }
}
