package dev.slipway.web.shell;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.FormatStyle;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.context.MessageSource;

/** Words, dates and durations in a reader's language, for templates and for what is put together in code. */
public final class Wording {
    private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm:ss");

    /** How far a rollout is: {@code 1/2 updated}. */
    private static final Pattern COUNT = Pattern.compile("(\\d+/\\d+) (updated|ready)");

    private static final Pattern HASH = Pattern.compile("\\b(?:[0-9a-f]{64}|[0-9a-f]{40})\\b");

    private final MessageSource messages;
    private final Locale locale;
    private final ZoneId zone;

    public Wording(MessageSource messages, Locale locale, ZoneId zone) {
        this.messages = messages;
        this.locale = locale;
        this.zone = zone;
    }

    public Locale locale() {
        return locale;
    }

    /** The text of a key of {@code messages/pages}. */
    public String say(String key, Object... arguments) {
        return messages.getMessage(key, arguments, locale);
    }

    /** The word of a state, an outcome, an action: {@code state.healthy}. What has no word yet is shown as it is. */
    public String word(String kind, String value) {
        String text = messages.getMessage(kind + "." + value, null, value, locale);
        return text == null ? value : text;
    }

    /**
     * Why a component is as it is. A problem's code, which the cluster's watch sends, becomes the few words that a picture has
     * room for, with its message; what the platform said itself stays as it is.
     */
    public String reason(String reason) {
        if (!reason.startsWith("SLP-")) {
            Matcher count = COUNT.matcher(reason);
            if (!count.matches()) {
                return reason;
            }
            return count.group(2).equals("updated")
                    ? say("reason.updated", count.group(1))
                    : say("reason.ready", count.group(1));
        }
        int end = reason.indexOf(' ');
        return end < 0
                ? word("reason", reason)
                : word("reason", reason.substring(0, end)) + ": " + reason.substring(end + 1);
    }

    /** Class of the style sheet for a state. */
    public String tone(String state) {
        return Tone.of(state);
    }

    /** Id of the shape for a state. */
    public String glyph(String state) {
        return Tone.glyph(state);
    }

    /** A value with its commits and digests cut to what tells two of them apart. */
    public String brief(String value) {
        return HASH.matcher(value).replaceAll(hash -> hash.group().substring(0, 10));
    }

    /** The first few of a list, and how many more there are. */
    public String some(List<String> names, int few) {
        String first = String.join(", ", names.subList(0, Math.min(few, names.size())));
        return names.size() <= few ? first : say("and.more", first, Integer.toString(names.size() - few));
    }

    /** {@code 0.4 s}, {@code 12 s}, {@code 3 min 5 s}, {@code 2 h 1 min}. Never negative. */
    public String duration(long milliseconds) {
        long shown = Math.max(0, milliseconds);
        long seconds = shown / 1_000;
        if (shown == 0) {
            return say("duration.seconds", "0");
        }
        if (shown < 10_000) {
            return say("duration.seconds", String.format(Locale.ROOT, "%.1f", shown / 1_000.0));
        }
        if (seconds < 60) {
            return say("duration.seconds", Long.toString(seconds));
        }
        if (seconds < 3_600) {
            return say("duration.minutes", Long.toString(seconds / 60), Long.toString(seconds % 60));
        }
        return say("duration.hours", Long.toString(seconds / 3_600), Long.toString(seconds % 3_600 / 60));
    }

    public String between(Instant from, @Nullable Instant to) {
        return duration(Duration.between(from, to == null ? Instant.now() : to).toMillis());
    }

    /** Date and time of day, as the reader writes them. */
    public String moment(Instant instant) {
        return DateTimeFormatter.ofLocalizedDateTime(FormatStyle.MEDIUM, FormatStyle.SHORT)
                .withLocale(locale)
                .format(instant.atZone(zone));
    }

    /** Time of day to the second, for lines of a log. */
    public String clock(Instant instant) {
        return CLOCK.format(instant.atZone(zone));
    }
}
