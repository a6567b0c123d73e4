package dev.slipway.activities.notify;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who is told of runs.
 *
 * @param address where messages are posted to
 * @param events that it is told, at least one
 * @param application only of runs of this one, by name; {@code null}: of all
 * @param environment only of runs of this one, by name; {@code null}: of all
 * @param oldSecretUntil a secret that was replaced signs beside the new one until then; {@code null}: there is none
 */
public record Webhook(
        String name,
        String address,
        List<Event> events,
        @Nullable String application,
        @Nullable String environment,
        boolean enabled,
        String createdBy,
        @Nullable Instant createdAt,
        @Nullable Instant oldSecretUntil) {
    public Webhook {
        events = List.copyOf(events);
    }

    /** What a webhook can be told. {@code run.asks} is a name for later. */
    public enum Event {
        /** A run is over, however it ended. */
        RUN_FINISHED("run.finished"),
        /** A run is over and did not do what was wanted: failed, refused, rolled back, terminated. */
        RUN_FAILED("run.failed");

        private final String word;

        Event(String word) {
            this.word = word;
        }

        public String word() {
            return word;
        }

        public static Optional<Event> of(String word) {
            return Arrays.stream(values())
                    .filter(known -> known.word.equals(word))
                    .findFirst();
        }
    }
}
