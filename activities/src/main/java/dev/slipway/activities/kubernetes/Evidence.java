package dev.slipway.activities.kubernetes;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.MicroTime;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What was asked for because the watched objects themselves did not say enough.
 *
 * @param events newest first
 * @param claims those that pods without a node wait for and that have no volume
 */
record Evidence(List<Event> events, List<PersistentVolumeClaim> claims) {
    static final Evidence NONE = new Evidence(List.of(), List.of());

    Evidence {
        events = List.copyOf(events);
        claims = List.copyOf(claims);
    }

    /** What happened to this object, newest first. */
    Stream<Event> about(HasMetadata object) {
        String uid = object.getMetadata().getUid();
        return events.stream()
                .filter(event -> event.getInvolvedObject() != null
                        && uid.equals(event.getInvolvedObject().getUid()));
    }

    /** Of each event; another one, or the same once more, has another. */
    Set<String> marks() {
        return events.stream().map(Evidence::mark).collect(Collectors.toSet());
    }

    /** Changes when something happens that has not happened before; a repetition is nothing new. */
    String mark() {
        return events.stream()
                .map(event -> event.getMetadata().getUid())
                .distinct()
                .sorted()
                .collect(Collectors.joining(" "));
    }

    /** Whether a node fetches an image right now. */
    boolean pulling() {
        return events.stream()
                .filter(event ->
                        Set.of("Pulling", "Pulled", "Failed", "BackOff").contains(event.getReason()))
                .findFirst()
                .filter(event -> says(event, "Pulling"))
                .isPresent();
    }

    static boolean says(Event event, String reason) {
        return reason.equals(event.getReason());
    }

    static String message(Event event) {
        return event.getMessage() == null ? "" : event.getMessage();
    }

    /** When it happened last, as the cluster writes it: sorts as text. Events tell it in one of four places. */
    static String when(Event event) {
        MicroTime observed =
                event.getSeries() == null ? null : event.getSeries().getLastObservedTime();
        return Stream.of(
                        text(observed),
                        event.getLastTimestamp(),
                        text(event.getEventTime()),
                        event.getMetadata().getCreationTimestamp())
                .filter(time -> time != null && !time.isEmpty())
                .findFirst()
                .orElse("");
    }

    /** An event that happens again counts up. */
    static String mark(Event event) {
        Integer series = event.getSeries() == null ? null : event.getSeries().getCount();
        return event.getMetadata().getUid() + " " + event.getCount() + " " + series;
    }

    private static @Nullable String text(@Nullable MicroTime time) {
        return time == null ? null : time.getTime();
    }
}
