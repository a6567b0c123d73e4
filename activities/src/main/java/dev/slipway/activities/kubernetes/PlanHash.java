package dev.slipway.activities.kubernetes;

import dev.slipway.activities.kubernetes.render.Rendering;
import dev.slipway.workflows.run.PlanItem;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** SHA-256 over a plan's lines and what they lead to: the same wishes on the same environment, the same hash. */
final class PlanHash {
    private PlanHash() {}

    /** Of a plan that leads to nothing but what its lines say. */
    static String of(List<PlanItem> items) {
        return of(items, Stream.empty());
    }

    /** Of a plan that only builds. @param keys of its builds, which cover what no line says: arguments, a Dockerfile's text */
    static String of(List<PlanItem> items, List<String> keys) {
        return of(items, keys.stream());
    }

    /** @param wished everything that is to be; a line that creates something does not say what */
    static String of(List<PlanItem> items, Rendering wished) {
        return of(
                items,
                wished.objects()
                        .flatMap(object -> Stream.of("wish", object.ref().subject(), object.hash())));
    }

    private static String of(List<PlanItem> items, Stream<String> wishes) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            Stream<String> lines = items.stream()
                    .flatMap(item -> Stream.concat(
                            Stream.of("item", item.subject(), item.action().word()),
                            Stream.concat(
                                    // What is kept may tell why, which changes by itself: a job ends.
                                    (item.action() == PlanItem.Action.KEEP
                                                    ? Stream.<PlanItem.FieldChange>empty()
                                                    : item.fields().stream())
                                            .flatMap(field ->
                                                    Stream.of(field.path(), text(field.from()), text(field.to()))),
                                    // What others set changes by itself: only whose it is and what becomes of it
                                    // counts.
                                    item.conflicts().stream()
                                            .flatMap(conflict -> Stream.of(
                                                    "conflict",
                                                    conflict.field(),
                                                    conflict.manager(),
                                                    conflict.decision().word())))));
            Stream.concat(lines, wishes).forEach(word -> {
                byte[] bytes = word.getBytes(StandardCharsets.UTF_8);
                digest.update((bytes.length + ":").getBytes(StandardCharsets.UTF_8));
                digest.update(bytes);
            });
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static String text(@Nullable String value) {
        return Objects.requireNonNullElse(value, "\u0000");
    }
}
