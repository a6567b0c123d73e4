package dev.slipway.web.runs;

import dev.slipway.activities.store.PlanStore.StoredPlan;
import dev.slipway.workflows.run.PlanItem;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A plan as pages and API show it.
 *
 * @param hash what a run is told to agree with
 * @param unchanged there is nothing to do
 * @param refused it will not be carried out as it is
 */
public record PlanView(String hash, boolean unchanged, boolean refused, List<Item> items) {
    /** What makes work first, what stays last. */
    private static final List<String> ORDER = List.of(
            "build",
            "delete",
            "recreate",
            "create",
            "change",
            "restart",
            "unawaited",
            "copy",
            "share",
            "reuse",
            "keep");

    public PlanView {
        items = List.copyOf(items);
    }

    /** @param component {@code null}: it belongs to the environment as a whole */
    public record Item(
            String subject, @Nullable String component, String action, List<Field> fields, List<Contested> conflicts) {
        public Item {
            fields = List.copyOf(fields);
            conflicts = List.copyOf(conflicts);
        }

        /** A job that has completed earlier and is not run again. */
        public boolean completed() {
            return action.equals("keep") && has(PlanItem.COMPLETED);
        }

        /** A build whose Dockerfile can read a login that may do more than the build needs. */
        public boolean wideLogin() {
            return has(PlanItem.WIDE_LOGIN);
        }

        private boolean has(String path) {
            return fields.stream().anyMatch(field -> field.path().equals(path));
        }
    }

    /**
     * A field that somebody else has set.
     *
     * @param theirs the value that is there
     * @param ours the value that is wished
     * @param decision {@code stop}: nobody has decided; {@code take}, {@code leave}, or {@code restore}: put right after an
     *     edit by hand
     */
    public record Contested(
            String field,
            String manager,
            @Nullable String theirs,
            @Nullable String ours,
            String decision) {}

    /**
     * @param from {@code null}: new
     * @param to {@code null}: goes
     */
    public record Field(
            String path, @Nullable String from, @Nullable String to) {}

    public static PlanView of(StoredPlan stored) {
        return new PlanView(
                stored.plan().hash(),
                stored.skeleton().unchanged(),
                !stored.skeleton().problems().isEmpty(),
                stored.plan().items().stream().map(PlanView::item).toList());
    }

    private static Item item(PlanItem item) {
        return new Item(
                item.subject(),
                item.component(),
                item.action().word(),
                item.fields().stream()
                        .filter(field -> !isNothing(field.from()) || !isNothing(field.to()))
                        .map(field -> new Field(field.path(), field.from(), field.to()))
                        .toList(),
                item.conflicts().stream()
                        .map(conflict -> new Contested(
                                conflict.field(),
                                conflict.manager(),
                                conflict.theirs(),
                                conflict.ours(),
                                conflict.decision().word()))
                        .toList());
    }

    /** The branch of a repository whose default is taken is not written anywhere. */
    private static boolean isNothing(@Nullable String value) {
        return value == null || value.isEmpty();
    }

    /** @param subject {@code Namespace/shop} */
    public boolean keeps(String subject) {
        return items.stream()
                .anyMatch(
                        item -> item.subject().equals(subject) && item.action().equals("keep"));
    }

    /** The items in which somebody else has set a field. */
    public List<Item> contested() {
        return items.stream().filter(item -> !item.conflicts().isEmpty()).toList();
    }

    /** Whether there is something to choose, now or anew: an edit by hand is put right without. */
    public boolean choosable() {
        return items.stream()
                .flatMap(item -> item.conflicts().stream())
                .anyMatch(conflict -> !conflict.decision().equals("restore"));
    }

    /** The items by action, in the order in which a person wants to know. */
    public Map<String, List<Item>> groups() {
        Map<String, List<Item>> groups = new LinkedHashMap<>();
        ORDER.forEach(action -> {
            List<Item> some = new ArrayList<>(items);
            some.removeIf(item -> !item.action().equals(action));
            if (!some.isEmpty()) {
                groups.put(action, some);
            }
        });
        return groups;
    }

    /** Enough of the hash to compare two by eye. */
    public String shortHash() {
        return hash.substring(0, Math.min(10, hash.length()));
    }
}
