package dev.slipway.activities.build;

import dev.slipway.activities.store.PlanStore.PinnedSource;
import dev.slipway.activities.store.PlanStore.PlannedImage;
import dev.slipway.workflows.application.ImageReference;
import dev.slipway.workflows.application.Source;
import dev.slipway.workflows.contract.StepCall;
import java.util.Locale;

/**
 * An image that a step has to build.
 *
 * @param key of the build
 * @param source as the document says, {@code pin} is where that is
 */
record BuildTask(StepCall call, String key, String component, PlannedImage image, Source.Git source, PinnedSource pin) {
    private static final int LONGEST_SLUG = 60;

    /** Repository in Slipway's own registry. */
    String repository() {
        return ImageReference.parse(image.repository()).repository();
    }

    /** Its images are below the application's name. */
    String application() {
        return repository().substring(0, repository().indexOf('/'));
    }

    String tag() {
        return tag(pin);
    }

    /** {@code main-4f2a91c0b1d2}: branch and commit, as people look for it. */
    static String tag(PinnedSource pin) {
        String slug = pin.ref().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
        String trimmed = slug.replaceAll("^-+|-+$", "");
        String name = trimmed.isEmpty() ? "commit" : trimmed.substring(0, Math.min(LONGEST_SLUG, trimmed.length()));
        return name + "-" + pin.commit().substring(0, 12);
    }

    /** A path below the component's folder, from the repository's root. */
    String below(String path) {
        return below(source.path(), path);
    }

    static String below(String folder, String path) {
        String inside = path.equals(".") ? "" : path;
        return folder.isEmpty() || inside.isEmpty() ? folder + inside : folder + "/" + inside;
    }
}
