package dev.slipway.activities.store;

import dev.slipway.activities.store.PlanStore.PinnedSource;
import dev.slipway.activities.store.PlanStore.Pins;
import dev.slipway.activities.store.ReleaseStore.Release;
import dev.slipway.activities.store.ReleaseStore.ReleaseImage;
import dev.slipway.workflows.application.Application;
import dev.slipway.workflows.application.ApplicationCheck;
import dev.slipway.workflows.application.Component;
import dev.slipway.workflows.run.Step;
import dev.slipway.workflows.run.StepKind;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What an environment runs, as it was told to: of each component the newest release that reached it. A release that failed
 * before it touched a component does not count for that component.
 */
public final class KeptComponents {
    /** How far back is looked: who fails more often in a row has nothing that is worth keeping. */
    private static final int RELEASES = 100;

    private final ReleaseStore releases;
    private final PlanStore plans;
    private final StepLedger ledger;

    public KeptComponents(ReleaseStore releases, PlanStore plans, StepLedger ledger) {
        this.releases = releases;
        this.plans = plans;
        this.ledger = ledger;
    }

    /**
     * One component as it was told to run.
     *
     * @param image by digest; {@code null}: its kind has none
     * @param source {@code null}: it was not built here
     * @param application the whole document of that release: its parameters
     * @param parameters values at that time, of those that are no secrets
     */
    public record Kept(
            Component component,
            @Nullable String image,
            @Nullable PinnedSource source,
            Application application,
            Map<String, String> parameters) {}

    /**
     * @param application the newest release's document
     * @param components by name: those that some release reached. What is missing never ran
     */
    public record Running(Application application, Map<String, String> parameters, Map<String, Kept> components) {}

    /** Empty: there is no release yet. */
    public Optional<Running> of(String environmentId) {
        List<Release> newest = releases.list(environmentId, Long.MAX_VALUE, RELEASES);
        if (newest.isEmpty()) {
            return Optional.empty();
        }
        Application application = read(newest.get(0));
        Map<String, Kept> found = new HashMap<>();
        for (Release release : newest) {
            if (found.size() == application.components().size()) {
                break;
            }
            find(release, application, found);
        }
        Map<String, Kept> ordered = new LinkedHashMap<>();
        application.components().forEach(component -> {
            Kept kept = found.get(component.name());
            if (kept != null) {
                ordered.put(component.name(), kept);
            }
        });
        return Optional.of(
                new Running(application, plans.pins(newest.get(0).runId()).parameters(), ordered));
    }

    private void find(Release release, Application wanted, Map<String, Kept> found) {
        Application document = read(release);
        Pins pins = plans.pins(release.runId());
        Map<String, String> images = new HashMap<>();
        releases.images(release).stream().forEach(image -> put(images, image));
        Set<String> acted = ledger.steps(release.runId());
        for (Component component : document.components()) {
            String name = component.name();
            boolean external = component.kind() == Component.Kind.EXTERNAL;
            if (wanted.component(name).isEmpty()
                    || found.containsKey(name)
                    || (!external && !images.containsKey(name))
                    || !reached(release, name, acted)) {
                continue;
            }
            found.put(
                    name, new Kept(component, images.get(name), pins.sources().get(name), document, pins.parameters()));
        }
    }

    private static void put(Map<String, String> images, ReleaseImage image) {
        images.put(image.component(), image.image());
    }

    /** It was applied, or there was nothing to apply. */
    private boolean reached(Release release, String component, Set<String> acted) {
        String start = Step.id(StepKind.START, component);
        String deploy = Step.id(StepKind.DEPLOY, component);
        if (release.state() == ReleaseStore.State.DEPLOYED || acted.contains(start) || acted.contains(deploy)) {
            return true;
        }
        return plans.plan(release.runId()).stream()
                .flatMap(plan -> plan.skeleton().steps().stream())
                .noneMatch(step -> step.id().equals(deploy));
    }

    private static Application read(Release release) {
        return ApplicationCheck.read(release.document()).orElseThrow();
    }
}
