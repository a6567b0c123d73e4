package dev.slipway.web.clusters;

import dev.slipway.web.problems.ProblemText;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A cluster as pages and API show it.
 *
 * @param kind {@code simulated}, {@code inCluster}, {@code settings} (a kubeconfig that the settings name) or {@code added}
 * @param context of the kubeconfig; {@code null}: its current one, or there is none
 * @param state {@code reachable}, {@code unreachable}, or {@code unknown} as long as nobody has looked
 * @param version of Kubernetes; {@code null}: not known
 * @param nodes {@code null}: not known, or Slipway is not permitted to ask
 * @param environments how many are on it
 * @param askedAt {@code null}: never yet
 * @param answeredAt when it answered last; {@code null}: never yet
 * @param problem why it can't be used; {@code null}: it can
 */
public record ClusterView(
        String name,
        String kind,
        @Nullable String context,
        String address,
        String state,
        @Nullable String version,
        @Nullable Integer nodes,
        List<String> architectures,
        long environments,
        @Nullable Instant askedAt,
        @Nullable Instant answeredAt,
        @Nullable ProblemText problem) {
    public ClusterView {
        architectures = List.copyOf(architectures);
    }

    /** Whether it can be removed here. */
    public boolean removable() {
        return kind.equals("added");
    }
}
