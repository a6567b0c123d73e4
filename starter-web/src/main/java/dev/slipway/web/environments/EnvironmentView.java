package dev.slipway.web.environments;

import dev.slipway.activities.store.ComponentStateStore;
import dev.slipway.web.shell.Wording;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * An environment as pages and API show it.
 *
 * @param branch what names no branch of its own is read and built at this one; {@code null}: as the application says
 * @param simulated no pod runs: its cluster is the simulated one
 * @param state of all components together: the one that most needs a person
 * @param release number of the newest; {@code null}: nothing was deployed yet
 * @param components in the document's order; empty as long as no document could be read
 */
public record EnvironmentView(
        String id,
        String name,
        String application,
        String cluster,
        String namespace,
        @Nullable String branch,
        boolean simulated,
        String state,
        @Nullable Long release,
        List<ComponentView> components) {
    private static final List<String> URGENCY =
            List.of("degraded", "progressing", "unknown", "suspended", "healthy", "stopped");

    public EnvironmentView {
        components = List.copyOf(components);
    }

    /**
     * One component of an environment.
     *
     * @param kind of the document: {@code service}, {@code stateful}, {@code job}, …
     * @param reason why it is not healthy; empty: nothing to say
     * @param image as it runs or is to run; {@code null}: not known yet
     * @param ref the branch or tag it is built from; {@code null}: it comes as an image
     * @param commit that it was built from; {@code null}: not built yet, or it comes as an image
     * @param since when it came into this state; {@code null}: it was never seen
     * @param restarts of its containers in the last hour
     * @param drifted what runs is not the image that the newest release, which is done, has told it to run
     * @param known when its cluster was last heard; {@code null}: it is being heard, or the component was never seen
     */
    public record ComponentView(
            String name,
            String kind,
            String state,
            String reason,
            int ready,
            int wanted,
            @Nullable String image,
            @Nullable String ref,
            @Nullable String commit,
            @Nullable Instant since,
            List<DependencyView> dependsOn,
            int restarts,
            boolean drifted,
            @Nullable Instant known) {
        public ComponentView {
            dependsOn = List.copyOf(dependsOn);
        }

        /** Of a component whose cluster is heard, that runs what it was told to, and never fell. */
        public ComponentView(
                String name,
                String kind,
                String state,
                String reason,
                int ready,
                int wanted,
                @Nullable String image,
                @Nullable String ref,
                @Nullable String commit,
                @Nullable Instant since,
                List<DependencyView> dependsOn) {
            this(name, kind, state, reason, ready, wanted, image, ref, commit, since, dependsOn, 0, false, null);
        }

        /** The same component in another state. */
        public ComponentView at(String otherState, String otherReason) {
            return new ComponentView(
                    name,
                    kind,
                    otherState,
                    otherReason,
                    ready,
                    wanted,
                    image,
                    ref,
                    commit,
                    since,
                    dependsOn,
                    restarts,
                    drifted,
                    known);
        }

        ComponentView withDependencies(List<DependencyView> dependencies) {
            return new ComponentView(
                    name,
                    kind,
                    state,
                    reason,
                    ready,
                    wanted,
                    image,
                    ref,
                    commit,
                    since,
                    dependencies,
                    restarts,
                    drifted,
                    known);
        }

        /** Where it comes from, in a line: branch and commit, or the image without its registry. */
        public String sourceLine() {
            if (commit != null) {
                String shortCommit = commit.substring(0, Math.min(7, commit.length()));
                return ref == null ? shortCommit : ref + " · " + shortCommit;
            }
            if (ref != null) {
                return ref;
            }
            return shortImage();
        }

        /** The image without its registry, and of its digest as much as tells two apart; empty: not known yet. */
        public String shortImage() {
            if (image == null) {
                return "";
            }
            String name = image.substring(image.lastIndexOf('/') + 1);
            int digest = name.indexOf("@sha256:");
            return digest < 0 ? name : name.substring(0, Math.min(name.length(), digest + 15));
        }
    }

    /** @param met whether the other component has reached the condition */
    public record DependencyView(String component, String when, boolean met) {}

    /** When its cluster was last heard; {@code null}: it is being heard. */
    public @Nullable Instant known() {
        return components.stream()
                .map(ComponentView::known)
                .filter(Objects::nonNull)
                .max(Comparator.naturalOrder())
                .orElse(null);
    }

    /** Whether it is Slipway itself that does not look, not the cluster that does not answer. */
    public boolean unwatched() {
        return components.stream().anyMatch(component -> component.reason().startsWith(ComponentStateStore.UNWATCHED));
    }

    /** The same with the reasons in a reader's words, as programs get them. */
    public EnvironmentView in(Wording words) {
        return new EnvironmentView(
                id,
                name,
                application,
                cluster,
                namespace,
                branch,
                simulated,
                state,
                release,
                components.stream()
                        .map(component -> component.at(component.state(), words.reason(component.reason())))
                        .toList());
    }

    public Optional<ComponentView> component(String wanted) {
        return components.stream()
                .filter(component -> component.name().equals(wanted))
                .findFirst();
    }

    /** Names of the components that depend on this one. */
    public List<String> neededBy(String component) {
        return components.stream()
                .filter(other -> other.dependsOn().stream()
                        .anyMatch(dependency -> dependency.component().equals(component)))
                .map(ComponentView::name)
                .toList();
    }

    /** How many components are in each state, the most urgent state first. */
    public Map<String, Long> counts() {
        Map<String, Long> counts = new TreeMap<>(java.util.Comparator.comparingInt(URGENCY::indexOf));
        components.forEach(component -> counts.merge(component.state(), 1L, Long::sum));
        return counts;
    }

    /** What the components' states come to: the most urgent of them; nothing there is {@code stopped}. */
    public static String stateOf(List<ComponentView> components) {
        return components.stream()
                .map(ComponentView::state)
                .min(java.util.Comparator.comparingInt(URGENCY::indexOf))
                .orElse("stopped");
    }
}
