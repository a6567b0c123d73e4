package dev.slipway.activities.kubernetes;

import dev.slipway.activities.store.PlanStore.Images;
import dev.slipway.activities.store.PlanStore.Pins;
import dev.slipway.activities.store.PlanStore.StoredPlan;
import dev.slipway.workflows.contract.PlanSkeleton;
import dev.slipway.workflows.run.Plan;
import dev.slipway.workflows.run.PlanItem;
import dev.slipway.workflows.run.Step;
import dev.slipway.workflows.run.StepKind;
import java.util.ArrayList;
import java.util.List;

/** The plan of a build alone: which images are there, which are built. Asks no cluster. Pure. */
final class BuildPlan {
    private BuildPlan() {}

    static StoredPlan of(Pins pins, Images images) {
        List<PlanItem> items = new ArrayList<>();
        List<Step> steps = new ArrayList<>();
        List<String> keys = new ArrayList<>();
        images.images().forEach((component, image) -> {
            if (pins.covers(component) && image.buildKey() != null) {
                keys.add(image.buildKey());
                items.add(PlanItems.image(component, image, pins.sources().get(component)));
                if (image.digest() == null) {
                    steps.add(new Step(StepKind.BUILD, component, List.of()));
                }
            }
        });
        String hash = PlanHash.of(items, keys);
        return new StoredPlan(new Plan(hash, items), new PlanSkeleton(hash, steps.isEmpty(), steps, List.of()));
    }
}
