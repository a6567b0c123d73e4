package dev.slipway.activities.kubernetes;

import dev.slipway.activities.kubernetes.Wishes.Wish;
import dev.slipway.activities.kubernetes.render.Inventory;
import dev.slipway.activities.kubernetes.render.RawObjects;
import dev.slipway.activities.store.PlanStore.PinnedSource;
import dev.slipway.activities.store.PlanStore.PlannedImage;
import dev.slipway.activities.store.PlanStore.Recipe;
import dev.slipway.workflows.application.ImageReference;
import dev.slipway.workflows.run.PlanItem;
import dev.slipway.workflows.run.PlanItem.Action;
import dev.slipway.workflows.run.PlanItem.FieldChange;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Lines of a deploy's plan that no comparison gives. Pure. */
final class PlanItems {
    private PlanItems() {}

    /** Definitions that the document no longer has: kept, as everybody's objects of that kind would go with them. */
    static List<PlanItem> left(Wish wish, LiveState live) {
        return live.inventory().beyond(Inventory.of(wish.rendering())).stream()
                .filter(ref ->
                        RawObjects.definition(ref) && live.object(ref.subject()).isPresent())
                .map(ref -> new PlanItem(ref.subject(), null, Action.KEEP, List.of()))
                .toList();
    }

    /** Where an image comes from, and whether it is to be built. */
    static PlanItem image(String component, PlannedImage image, @Nullable PinnedSource source) {
        List<FieldChange> fields = new ArrayList<>();
        if (source != null) {
            fields.add(new FieldChange("commit", null, source.commit()));
            fields.add(new FieldChange("ref", null, source.ref()));
        }
        if (image.buildKey() != null) {
            fields.add(new FieldChange("builder", null, image.builder() == null ? "jib" : "dockerfile"));
        }
        Recipe recipe = image.recipe();
        if (recipe != null) {
            String why = recipe.generatedFor();
            fields.add(new FieldChange("dockerfile", null, why == null ? "dockerfileInline" : "generated: " + why));
        }
        fields.add(new FieldChange(
                "image",
                null,
                image.digest() == null ? image.repository() : image.repository() + "@" + image.digest()));
        if (image.wideLogin()) {
            fields.add(new FieldChange(PlanItem.WIDE_LOGIN, null, ImageReference.OWN_REGISTRY));
        }
        return new PlanItem(
                "image/" + component, component, image.digest() == null ? Action.BUILD : Action.REUSE, fields);
    }
}
