package dev.slipway.activities.kubernetes;

import dev.slipway.activities.kubernetes.render.Labels;
import dev.slipway.activities.kubernetes.render.Trees;
import dev.slipway.workflows.run.PlanItem.Conflict;
import dev.slipway.workflows.run.PlanItem.Decision;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Fields that were left to others, by a person's choice. The object itself remembers them, in an annotation with a line
 * {@code manager: field} for each: whoever plans next knows that the choice was made.
 */
final class LeftFields {
    private LeftFields() {}

    static Set<String> of(HasMetadata live) {
        Map<String, String> annotations = live.getMetadata().getAnnotations();
        String lines = annotations == null ? "" : annotations.getOrDefault(Labels.LEFT, "");
        return lines.lines().collect(Collectors.toCollection(TreeSet::new));
    }

    static String line(String manager, String field) {
        return manager + ": " + field;
    }

    /** The object as it is applied: without what is left to others, with a note of it. */
    static HasMetadata without(HasMetadata wished, Collection<Conflict> conflicts) {
        return without(wished, conflicts, false);
    }

    /** The object as a plan asks about it: also without what is not decided. */
    static HasMetadata decided(HasMetadata wished, Collection<Conflict> conflicts) {
        return without(wished, conflicts, true);
    }

    private static HasMetadata without(HasMetadata wished, Collection<Conflict> conflicts, boolean undecidedToo) {
        Set<String> left = new TreeSet<>();
        Set<String> dropped = new TreeSet<>();
        for (Conflict conflict : conflicts) {
            if (conflict.decision() == Decision.LEAVE) {
                left.add(line(conflict.manager(), conflict.field()));
            }
            if (conflict.decision() == Decision.LEAVE || (undecidedToo && conflict.decision() == Decision.STOP)) {
                dropped.add(conflict.field());
            }
        }
        if (dropped.isEmpty()) {
            return wished;
        }
        Map<String, Object> tree = Trees.of(wished);
        dropped.forEach(field -> FieldPath.remove(tree, field));
        HasMetadata applied = Serialization.jsonMapper().convertValue(tree, wished.getClass());
        if (!left.isEmpty()) {
            Map<String, String> annotations = new TreeMap<>(wished.getMetadata().getAnnotations());
            annotations.put(Labels.LEFT, String.join("\n", left));
            applied.getMetadata().setAnnotations(annotations);
        }
        return applied;
    }
}
