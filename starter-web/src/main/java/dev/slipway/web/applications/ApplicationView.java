package dev.slipway.web.applications;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An application as pages and API show it.
 *
 * @param revision counts the changes of the document; what a writer has to have seen
 * @param git {@code null}: the document is kept in Slipway
 * @param environments names of those that run it
 * @param components empty when the document cannot be read
 * @param document the author's text
 */
public record ApplicationView(
        String id,
        String name,
        @Nullable String title,
        long revision,
        @Nullable GitView git,
        Instant createdAt,
        Instant changedAt,
        List<String> environments,
        List<ComponentLine> components,
        String document) {
    public ApplicationView {
        environments = List.copyOf(environments);
        components = List.copyOf(components);
    }

    /** @param branch {@code null}: the repository's default branch */
    public record GitView(String url, @Nullable String branch, String path) {}

    /**
     * @param source where its image comes from, in a line
     * @param dockerfile whether it is built by one
     */
    public record ComponentLine(String name, String kind, String source, boolean dockerfile, List<String> needs) {
        public ComponentLine {
            needs = List.copyOf(needs);
        }
    }
}
