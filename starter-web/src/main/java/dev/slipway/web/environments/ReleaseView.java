package dev.slipway.web.environments;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A release as pages and API show it.
 *
 * @param run id of the run that made it
 * @param endedAt {@code null}: it is being deployed
 * @param changed components whose image is not the one of the release before
 */
public record ReleaseView(
        long number,
        String state,
        String run,
        Instant createdAt,
        @Nullable Instant endedAt,
        List<String> changed,
        List<ImageView> images) {
    public ReleaseView {
        changed = List.copyOf(changed);
        images = List.copyOf(images);
    }

    /** @param commit {@code null}: the image was not built here */
    public record ImageView(
            String component, String image, @Nullable String commit) {}
}
