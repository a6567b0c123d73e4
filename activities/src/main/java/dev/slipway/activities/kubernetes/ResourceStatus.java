package dev.slipway.activities.kubernetes;

import dev.slipway.activities.kubernetes.render.Trees;
import dev.slipway.activities.store.ComponentStateStore.State;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a custom resource says of itself, read as kstatus does: whatever does not say otherwise is well. Pure.
 *
 * @param decisive the condition that says so; {@code null}: none does
 * @param observed whether its controller says that it has seen what was written last; without that, a status may still be
 *     the one of before
 * @see <a href="https://github.com/kubernetes-sigs/cli-utils/tree/master/pkg/kstatus">kstatus</a>
 */
record ResourceStatus(State state, @Nullable Condition decisive, boolean observed) {
    /** @param generation that it was made of; {@code null}: it does not say */
    record Condition(
            String type,
            String status,
            String reason,
            String message,
            @Nullable Long generation) {
        /** {@code Ready=False}. */
        String word() {
            return type + "=" + status;
        }
    }

    private static final List<String> FAILED = List.of("Stalled", "Failed");
    private static final List<String> WELL = List.of("Ready", "Available");

    static ResourceStatus of(HasMetadata object) {
        Map<String, Object> tree = Trees.of(object);
        long generation = Objects.requireNonNullElse(object.getMetadata().getGeneration(), 0L);
        Long seen = number(FieldPath.value(tree, "status.observedGeneration"));
        if (seen != null && seen < generation) {
            return new ResourceStatus(State.PROGRESSING, null, true);
        }
        List<Condition> all = conditions(tree);
        List<Condition> current = all.stream()
                .filter(condition -> condition.generation() == null || condition.generation() >= generation)
                .toList();
        Optional<Condition> decisive = Stream.of(
                        FAILED.stream().flatMap(type -> is(current, type, "True")),
                        is(current, "Reconciling", "True"),
                        WELL.stream().flatMap(type -> current.stream().filter(one -> type.equals(one.type()))))
                .flatMap(found -> found)
                .findFirst();
        if (decisive.isEmpty() && all.stream().anyMatch(one -> !current.contains(one) && WELL.contains(one.type()))) {
            return new ResourceStatus(State.PROGRESSING, null, true);
        }
        return new ResourceStatus(
                decisive.map(ResourceStatus::state).orElse(State.HEALTHY),
                decisive.orElse(null),
                seen != null || decisive.filter(one -> one.generation() != null).isPresent());
    }

    private static State state(Condition condition) {
        if (FAILED.contains(condition.type())) {
            return State.DEGRADED;
        }
        return WELL.contains(condition.type()) && condition.status().equals("True") ? State.HEALTHY : State.PROGRESSING;
    }

    Health health() {
        return new Health(state, state == State.HEALTHY ? "" : words(), 0, 0);
    }

    /** {@code Ready=False, Waiting: no disk yet}. */
    String words() {
        if (decisive == null) {
            return state == State.HEALTHY ? "" : "not looked at by its controller yet";
        }
        return Stream.of(decisive.word(), decisive.reason(), decisive.message())
                .filter(word -> !word.isEmpty())
                .reduce((one, next) -> one.contains("=") && !one.contains(", ") ? one + ", " + next : one + ": " + next)
                .orElse("");
    }

    private static Stream<Condition> is(List<Condition> conditions, String type, String status) {
        return conditions.stream()
                .filter(one -> one.type().equals(type) && one.status().equals(status));
    }

    private static List<Condition> conditions(Map<String, Object> tree) {
        return FieldPath.value(tree, "status.conditions") instanceof List<?> list
                ? list.stream()
                        .filter(Map.class::isInstance)
                        .map(each -> condition((Map<?, ?>) each))
                        .toList()
                : List.of();
    }

    private static Condition condition(Map<?, ?> tree) {
        return new Condition(
                text(tree.get("type")),
                text(tree.get("status")),
                text(tree.get("reason")),
                text(tree.get("message")),
                number(tree.get("observedGeneration")));
    }

    private static @Nullable Long number(@Nullable Object value) {
        return value instanceof Number number ? number.longValue() : null;
    }

    private static String text(@Nullable Object value) {
        return value == null ? "" : String.valueOf(value);
    }
}
