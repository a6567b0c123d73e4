package dev.slipway.activities.kubernetes;

import dev.slipway.activities.kubernetes.render.Labels;
import dev.slipway.activities.kubernetes.render.RenderedObject;
import dev.slipway.activities.kubernetes.render.Trees;
import dev.slipway.workflows.run.OnConflict;
import dev.slipway.workflows.run.PlanItem.Conflict;
import dev.slipway.workflows.run.PlanItem.Decision;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.fabric8.kubernetes.api.model.StatusCause;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Who owns the fields that Slipway wants to set, and what becomes of them (decision 18). What a person changed by hand with a
 * tool for that is put right, as the plan shows; what a controller or another tool has set needs a choice.
 */
final class Conflicts {
    private static final Pattern MANAGER = Pattern.compile("conflict with \"((?:[^\"\\\\]|\\\\.)*)\"");
    /** Tools that a person edits single fields with. */
    private static final Set<String> BY_HAND = Set.of("kubectl", "k9s");

    private Conflicts() {}

    static String manager(StatusCause cause) {
        Matcher matcher = MANAGER.matcher(Objects.requireNonNullElse(cause.getMessage(), ""));
        return matcher.find() ? matcher.group(1) : "?";
    }

    /** Without the leading dot: as plans write it. */
    static String field(StatusCause cause) {
        String field = Objects.requireNonNullElse(cause.getField(), "");
        return field.startsWith(".") ? field.substring(1) : field;
    }

    /** The conflicts that a plan shows; those with Slipway itself, and about the notes it keeps on the object, are none. */
    static List<Conflict> of(
            List<StatusCause> causes, RenderedObject wished, HasMetadata live, OnConflict choice, boolean secret) {
        Map<String, Object> ours = Trees.of(wished.object());
        Map<String, Object> theirs = Trees.of(live);
        Set<String> left = LeftFields.of(live);
        List<Conflict> conflicts = new ArrayList<>();
        for (StatusCause cause : causes) {
            String field = field(cause);
            String manager = manager(cause);
            if (!own(manager) && !note(field)) {
                boolean hidden = secret && (field.equals("data") || field.startsWith("data."));
                Conflict conflict = new Conflict(
                        field,
                        manager,
                        FieldComparison.shown(FieldPath.value(theirs, field), hidden),
                        FieldComparison.shown(FieldPath.value(ours, field), hidden),
                        decision(live, field, manager, left, choice));
                if (!conflicts.contains(conflict)) {
                    conflicts.add(conflict);
                }
            }
        }
        return conflicts;
    }

    private static Decision decision(
            HasMetadata live, String field, String manager, Set<String> left, OnConflict choice) {
        if (byHand(live, manager)) {
            return Decision.RESTORE;
        }
        if (choice == OnConflict.TAKE) {
            return Decision.TAKE;
        }
        if (identity(field)) {
            // By these labels Slipway knows its objects again: there is nothing to leave.
            return choice == OnConflict.LEAVE ? Decision.TAKE : Decision.STOP;
        }
        if (choice == OnConflict.LEAVE || left.contains(LeftFields.line(manager, field))) {
            return Decision.LEAVE;
        }
        return Decision.STOP;
    }

    /** A second manager of Slipway's own: {@code slipway-…}. */
    static boolean own(String manager) {
        return manager.equals(Labels.MANAGER) || manager.startsWith(Labels.MANAGER + "-");
    }

    /** Slipway's notes: nobody else has a wish about them. */
    static boolean note(String field) {
        return field.equals("metadata.annotations." + Labels.HASH)
                || field.equals("metadata.annotations." + Labels.LEFT);
    }

    private static boolean identity(String field) {
        return field.startsWith("metadata.labels.slipway.dev/")
                || field.startsWith("metadata.annotations.slipway.dev/");
    }

    private static boolean byHand(HasMetadata live, String manager) {
        boolean tool = BY_HAND.contains(manager)
                || (manager.startsWith("kubectl-") && !manager.equals("kubectl-client-side-apply"));
        List<ManagedFieldsEntry> entries = OwnedFields.entries(live).stream()
                .filter(entry -> manager.equals(entry.getManager()))
                .toList();
        // Who applies has a document too, and will apply it again.
        return tool && entries.stream().noneMatch(entry -> "Apply".equals(entry.getOperation()));
    }
}
