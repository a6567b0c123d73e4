package dev.slipway.web.environments;

import dev.slipway.activities.store.ApplicationStore;
import dev.slipway.activities.store.ApplicationStore.StoredApplication;
import dev.slipway.activities.store.ComponentStateStore;
import dev.slipway.activities.store.ComponentStateStore.ComponentState;
import dev.slipway.activities.store.EnvironmentStore;
import dev.slipway.activities.store.EnvironmentStore.StoredEnvironment;
import dev.slipway.activities.store.PlanStore;
import dev.slipway.activities.store.PlanStore.PinnedSource;
import dev.slipway.activities.store.PlanStore.Pins;
import dev.slipway.activities.store.ReleaseStore;
import dev.slipway.activities.store.ReleaseStore.Release;
import dev.slipway.activities.store.ReleaseStore.ReleaseImage;
import dev.slipway.activities.store.RunStore;
import dev.slipway.activities.store.RunStore.StoredRun;
import dev.slipway.web.environments.EnvironmentView.ComponentView;
import dev.slipway.web.environments.EnvironmentView.DependencyView;
import dev.slipway.web.environments.ReleaseView.ImageView;
import dev.slipway.web.shell.Installation;
import dev.slipway.workflows.application.Application;
import dev.slipway.workflows.application.Component;
import dev.slipway.workflows.application.Dependency;
import dev.slipway.workflows.application.Source;
import dev.slipway.workflows.environment.Overrides;
import dev.slipway.workflows.environment.OverridesReader;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Puts together, from the stores, how environments are shown. Reads only; safe for many threads. */
@org.springframework.stereotype.Component
public final class Environments {
    private static final int RELEASES = 8;
    private static final int RUNS = 8;

    private final EnvironmentStore environments;
    private final ApplicationStore applications;
    private final ReleaseStore releases;
    private final RunStore runs;
    private final PlanStore plans;
    private final ComponentStateStore states;
    private final Installation installation;
    private final Documents documents = new Documents();

    public Environments(
            EnvironmentStore environments,
            ApplicationStore applications,
            ReleaseStore releases,
            RunStore runs,
            PlanStore plans,
            ComponentStateStore states,
            Installation installation) {
        this.environments = environments;
        this.applications = applications;
        this.releases = releases;
        this.runs = runs;
        this.plans = plans;
        this.states = states;
        this.installation = installation;
    }

    /** @throws dev.slipway.workflows.problem.ProblemException {@code SLP-ENV-UNKNOWN} */
    public StoredEnvironment named(String name) {
        return environments.byName(name).orElseThrow(() -> EnvironmentStore.unknown(name));
    }

    /** Also of one that was destroyed since. */
    public StoredEnvironment ofRun(StoredRun run) {
        return environments.byId(run.environmentId());
    }

    /** Whether it was not destroyed. */
    public boolean lives(String environmentId) {
        return environments.lives(environmentId);
    }

    public EnvironmentView view(StoredEnvironment environment) {
        return views(List.of(environment)).get(0);
    }

    /** In the order of the environments. However many there are, the database is asked a handful of times. */
    public List<EnvironmentView> views(List<StoredEnvironment> some) {
        Known known = known(some);
        return some.stream().map(environment -> view(environment, known)).toList();
    }

    /**
     * What the stores know of some environments.
     *
     * @param releases the newest, by environment
     * @param images of those, by environment
     * @param pins of those, by run
     * @param states by environment
     */
    private record Known(
            Map<String, Release> releases,
            Map<String, List<ReleaseImage>> images,
            Map<String, Pins> pins,
            Map<String, List<ComponentState>> states) {}

    private Known known(List<StoredEnvironment> some) {
        List<String> ids = some.stream().map(StoredEnvironment::id).toList();
        Map<String, Release> newest = releases.newest(ids);
        return new Known(
                newest,
                releases.images(newest.values()),
                plans.pins(newest.values().stream().map(Release::runId).toList()),
                states.of(ids));
    }

    private EnvironmentView view(StoredEnvironment environment, Known known) {
        Release release = known.releases().get(environment.id());
        List<ComponentView> components = components(environment, release, known);
        return new EnvironmentView(
                environment.id(),
                environment.name(),
                environment.applicationName(),
                environment.cluster(),
                environment.namespace(),
                overrides(environment).branch(),
                installation.simulated(environment.cluster()),
                EnvironmentView.stateOf(components),
                release == null ? null : release.number(),
                components);
    }

    /** The newest releases, newest first, each with what it changed. */
    public List<ReleaseView> releases(String environmentId) {
        List<Release> some = releases.list(environmentId, Long.MAX_VALUE, RELEASES + 1);
        List<ReleaseView> views = new ArrayList<>();
        for (int i = 0; i < Math.min(some.size(), RELEASES); i++) {
            views.add(release(some.get(i), i + 1 < some.size() ? some.get(i + 1) : null));
        }
        return views;
    }

    /** One page of releases, newest first. */
    public List<ReleaseView> releases(String environmentId, long before, int limit) {
        List<Release> some = releases.list(environmentId, before, limit + 1);
        List<ReleaseView> views = new ArrayList<>();
        for (int i = 0; i < Math.min(some.size(), limit); i++) {
            views.add(release(some.get(i), i + 1 < some.size() ? some.get(i + 1) : null));
        }
        return views;
    }

    private ReleaseView release(Release release, @Nullable Release previous) {
        Map<String, String> before = new HashMap<>();
        if (previous != null) {
            releases.images(previous).forEach(image -> before.put(image.component(), image.image()));
        }
        List<ReleaseImage> images = releases.images(release);
        return new ReleaseView(
                release.number(),
                release.state().word(),
                release.runId(),
                release.createdAt(),
                release.endedAt(),
                images.stream()
                        .filter(image -> !Objects.equals(before.get(image.component()), image.image()))
                        .map(ReleaseImage::component)
                        .toList(),
                images.stream()
                        .map(image -> new ImageView(image.component(), image.image(), image.commit()))
                        .toList());
    }

    /** The newest runs, newest first. */
    public List<RunRow> runs(String environmentId) {
        return runs.list(environmentId, null, null, Long.MAX_VALUE, RUNS).stream()
                .map(Environments::row)
                .toList();
    }

    public static RunRow row(StoredRun run) {
        return new RunRow(
                run.id(),
                run.environmentName(),
                run.number(),
                run.operation().word(),
                run.scope().components(),
                run.state().word(),
                run.outcome() == null ? null : run.outcome().word(),
                run.actor(),
                run.trigger().word(),
                run.acceptedAt(),
                run.startedAt(),
                run.endedAt());
    }

    private List<ComponentView> components(StoredEnvironment environment, @Nullable Release release, Known known) {
        Map<String, ComponentState> seen = new LinkedHashMap<>();
        known.states().getOrDefault(environment.id(), List.of()).forEach(state -> seen.put(state.component(), state));
        Map<String, Origin> wished = new HashMap<>();
        if (release != null) {
            Pins pins = known.pins().get(release.runId());
            Map<String, PinnedSource> sources = pins == null ? Map.of() : pins.sources();
            known.images()
                    .getOrDefault(environment.id(), List.of())
                    .forEach(image -> wished.put(
                            image.component(),
                            new Origin(image.image(), ref(sources.get(image.component())), image.commit())));
        }
        Map<String, Origin> running = running(environment, seen.values(), wished);
        Application document = document(environment, release);
        List<ComponentView> views = new ArrayList<>();
        for (Component component : document == null ? List.<Component>of() : document.components()) {
            String name = component.name();
            views.add(view(
                    component,
                    seen.remove(name),
                    running.getOrDefault(name, wished.get(name)),
                    drifted(release, running.get(name), wished.get(name))));
        }
        // What the newest document no longer has, and is still there.
        seen.values().forEach(state -> views.add(leftOver(state, running.get(state.component()))));
        return withConditions(views);
    }

    /**
     * Where an image comes from.
     *
     * @param ref {@code null}: unknown, or the default branch
     * @param commit {@code null}: unknown, or it was not built here
     */
    record Origin(
            String image, @Nullable String ref, @Nullable String commit) {}

    /**
     * What really runs: a component that its release did not reach yet, or did not reach any more, still has the image that
     * an earlier release gave it.
     */
    private Map<String, Origin> running(
            StoredEnvironment environment, Collection<ComponentState> seen, Map<String, Origin> wished) {
        Map<String, Origin> running = new HashMap<>();
        Map<String, String> older = new HashMap<>();
        for (ComponentState state : seen) {
            String image = state.image();
            Origin wish = wished.get(state.component());
            if (image == null) {
                continue;
            }
            String digest = digest(image);
            if (wish != null
                    && (wish.image().equals(image) || (!digest.isEmpty() && digest.equals(digest(wish.image()))))) {
                running.put(state.component(), new Origin(image, wish.ref(), wish.commit()));
            } else {
                running.put(state.component(), new Origin(image, null, null));
                if (!digest.isEmpty()) {
                    older.put(state.component(), digest);
                }
            }
        }
        Map<String, Map<String, PinnedSource>> pins = new HashMap<>();
        releases.told(environment.id(), older.values()).stream()
                .filter(told -> told.digest().equals(older.get(told.component())))
                .forEach(told -> running.computeIfPresent(
                        told.component(),
                        (component, unknown) -> new Origin(
                                unknown.image(),
                                ref(pins.computeIfAbsent(
                                                told.runId(),
                                                run -> plans.pins(run).sources())
                                        .get(component)),
                                told.commit())));
        return running;
    }

    /** What a release is still bringing about is no drift. */
    private static boolean drifted(@Nullable Release release, @Nullable Origin runs, @Nullable Origin wished) {
        return release != null
                && release.state() != ReleaseStore.State.DEPLOYING
                && runs != null
                && wished != null
                && !runs.image().equals(wished.image())
                && (digest(runs.image()).isEmpty() || !digest(runs.image()).equals(digest(wished.image())));
    }

    private static String digest(String image) {
        return image.substring(image.indexOf('@') + 1).startsWith("sha256:")
                ? image.substring(image.indexOf('@') + 1)
                : "";
    }

    private static @Nullable String ref(@Nullable PinnedSource source) {
        return source == null || source.ref().isBlank() ? null : source.ref();
    }

    /** As it was told to run; before the first release as it would be. {@code null}: it cannot be read. */
    @Nullable
    Application document(StoredEnvironment environment, @Nullable Release release) {
        if (release != null) {
            return documents.read(release.document());
        }
        Application written =
                documents.read(applications.byId(environment.applicationId()).document());
        Overrides overrides = overrides(environment);
        return written == null || !overrides.check(written).isEmpty() ? written : overrides.applyTo(written);
    }

    private static Overrides overrides(StoredEnvironment environment) {
        Overrides read = environment.overrides().isBlank()
                ? null
                : OverridesReader.read(environment.overrides()).value();
        return read == null ? Overrides.NONE : read;
    }

    /** Whether anything of an application is read or built from git, so that a branch of it can be chosen. */
    public boolean isFromGit(StoredApplication application) {
        Application written = documents.read(application.document());
        return application.origin() != null
                || (written != null
                        && written.components().stream().anyMatch(part -> part.source() instanceof Source.Git));
    }

    /**
     * The repositories of an application, by address: of its document, then of its components in the document's order.
     *
     * @param which of the components' sources count
     */
    public Set<String> repositories(StoredApplication application, Predicate<Source.Git> which) {
        Set<String> urls = new LinkedHashSet<>();
        if (application.origin() != null) {
            urls.add(application.origin().url());
        }
        Application written = documents.read(application.document());
        for (Component component : written == null ? List.<Component>of() : written.components()) {
            if (component.source() instanceof Source.Git git && git.url() != null && which.test(git)) {
                urls.add(git.url());
            }
        }
        return urls;
    }

    /** @param origin of what runs, else of what the newest release wants to run; {@code null}: neither is known */
    private static ComponentView view(
            Component component, @Nullable ComponentState state, @Nullable Origin origin, boolean drifted) {
        Source from = component.source();
        String ref = origin != null
                ? origin.ref()
                : from instanceof Source.Git git ? (git.branch() != null ? git.branch() : git.tag()) : null;
        return new ComponentView(
                component.name(),
                component.kind().name().toLowerCase(Locale.ROOT),
                state == null ? "stopped" : state.state().word(),
                state == null ? "" : state.reason(),
                state == null ? 0 : state.ready(),
                state == null ? component.wantedReplicas() : state.wanted(),
                origin != null ? origin.image() : from instanceof Source.Image given ? given.reference() : null,
                ref,
                origin == null ? null : origin.commit(),
                state == null ? null : state.since(),
                component.dependsOn().stream()
                        .map(dependency -> new DependencyView(dependency.component(), word(dependency), false))
                        .toList(),
                state == null ? 0 : state.restarts(),
                drifted,
                state == null ? null : state.known());
    }

    private static String word(Dependency dependency) {
        return dependency.when().name().toLowerCase(Locale.ROOT);
    }

    private static ComponentView leftOver(ComponentState state, @Nullable Origin origin) {
        return new ComponentView(
                state.component(),
                state.kind(),
                state.state().word(),
                state.reason(),
                state.ready(),
                state.wanted(),
                state.image(),
                origin == null ? null : origin.ref(),
                origin == null ? null : origin.commit(),
                state.since(),
                List.of(),
                state.restarts(),
                false,
                state.known());
    }

    private static List<ComponentView> withConditions(List<ComponentView> views) {
        Map<String, ComponentView> byName = new HashMap<>();
        views.forEach(view -> byName.put(view.name(), view));
        return views.stream()
                .map(view -> view.withDependencies(view.dependsOn().stream()
                        .map(dependency -> new DependencyView(
                                dependency.component(),
                                dependency.when(),
                                isMet(dependency.when(), byName.get(dependency.component()))))
                        .toList()))
                .toList();
    }

    private static boolean isMet(String when, @Nullable ComponentView other) {
        if (other == null) {
            return false;
        }
        return switch (when) {
            case "linked" -> true;
            case "started" -> other.ready() > 0 || other.state().equals("healthy");
            // A job is healthy once it completed.
            default -> other.state().equals("healthy") || other.kind().equals("external");
        };
    }
}
