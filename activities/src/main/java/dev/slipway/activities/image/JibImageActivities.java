package dev.slipway.activities.image;

import dev.slipway.activities.git.GitSource;
import dev.slipway.activities.store.BuildStore;
import dev.slipway.activities.store.BuildStore.Build;
import dev.slipway.activities.store.PlanStore;
import dev.slipway.activities.store.PlanStore.Images;
import dev.slipway.activities.store.PlanStore.PinnedSource;
import dev.slipway.activities.store.PlanStore.Pins;
import dev.slipway.activities.store.PlanStore.PlannedImage;
import dev.slipway.activities.store.ReleaseStore;
import dev.slipway.activities.store.ReleaseStore.ReleaseImage;
import dev.slipway.activities.store.StepLedger;
import dev.slipway.activities.store.StepLog;
import dev.slipway.workflows.application.Application;
import dev.slipway.workflows.application.ApplicationCheck;
import dev.slipway.workflows.application.Component;
import dev.slipway.workflows.application.ImageReference;
import dev.slipway.workflows.application.Manifest;
import dev.slipway.workflows.application.Source;
import dev.slipway.workflows.contract.ImageActivities;
import dev.slipway.workflows.contract.PlanCall;
import dev.slipway.workflows.contract.Problems;
import dev.slipway.workflows.contract.StepCall;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import dev.slipway.workflows.run.Operation;
import io.temporal.activity.Activity;
import io.temporal.activity.ActivityExecutionContext;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Which images a plan needs, and composing those that no build has made yet. */
public final class JibImageActivities implements ImageActivities {
    private static final String BUILDER = "jib";
    private static final long HEARTBEAT_SECONDS = 2;

    private final GitSource git;
    private final Registries registries;
    private final ImageComposer composer;
    private final BuildStore builds;
    private final PlanStore plans;
    private final ReleaseStore releases;
    private final StepLedger ledger;
    private final StepLog log;
    private final Clock clock;
    /** Builds of this process by key: who needs one that runs waits for it. */
    private final Map<String, CompletableFuture<Built>> running = new ConcurrentHashMap<>();

    public JibImageActivities(
            GitSource git,
            Registries registries,
            ImageComposer composer,
            BuildStore builds,
            PlanStore plans,
            ReleaseStore releases,
            StepLedger ledger,
            StepLog log,
            Clock clock) {
        this.git = git;
        this.registries = registries;
        this.composer = composer;
        this.builds = builds;
        this.plans = plans;
        this.releases = releases;
        this.ledger = ledger;
        this.log = log;
        this.clock = clock;
    }

    /** The recorded effect of a build step. */
    record Built(String repository, String digest) {}

    @Override
    public void planImages(PlanCall call) {
        try {
            if (plans.scope(call.planId()).operation() == Operation.DESTROY) {
                return;
            }
            var unused = plans.imagesOnce(
                    call.planId(),
                    () -> plan(
                            plans.pins(call.planId()),
                            plans.scope(call.planId()).operation() != Operation.DEPLOY));
        } catch (ProblemException e) {
            throw Problems.failure(e);
        }
    }

    private Images plan(Pins pins, boolean asItRuns) {
        Application application = ApplicationCheck.read(pins.document()).orElseThrow();
        Map<String, PlannedImage> images = new LinkedHashMap<>();
        Map<String, String> digests = new HashMap<>();
        List<Problem> problems = new ArrayList<>();
        for (Component component : application.components()) {
            if (component.kind() == Component.Kind.EXTERNAL) {
                continue;
            }
            if (!pins.covers(component.name()) || asItRuns) {
                images.put(component.name(), kept(application, component, pins));
                continue;
            }
            try {
                PlannedImage image = component.source() instanceof Source.Image given
                        ? outside(component, given, digests)
                        : built(application, component, pins.sources().get(component.name()), digests);
                images.put(component.name(), image);
            } catch (ProblemException e) {
                e.problems().forEach(problem -> problems.add(of(component, problem)));
            }
        }
        if (pins.covers("") && !asItRuns) {
            for (Manifest manifest : application.manifests()) {
                for (String name : manifest.images()) {
                    try {
                        ImageReference image = ImageReference.parse(name);
                        images.put(
                                Manifest.imageKey(name),
                                new PlannedImage(
                                        image.registry() + "/" + image.repository(),
                                        digest("manifests", image, digests),
                                        null,
                                        null));
                    } catch (ProblemException e) {
                        problems.addAll(e.problems());
                    }
                }
            }
        }
        if (!problems.isEmpty()) {
            throw new ProblemException(problems);
        }
        return new Images(images);
    }

    /** Who is refused by a registry looks for the component whose image it is. */
    private static Problem of(Component component, Problem problem) {
        return problem.code() == ProblemCode.REGISTRY_DENIED
                ? new Problem(problem.code(), "component " + component.name(), problem.arguments())
                : problem;
    }

    /** What stays has the image that it runs; what never ran has none, and nobody asks for it. */
    private static PlannedImage kept(Application application, Component component, Pins pins) {
        PlannedImage kept = pins.part() == null ? null : pins.part().images().get(component.name());
        return kept == null
                ? new PlannedImage(
                        ImageReference.OWN_REGISTRY + "/" + application.name() + "/" + component.name(),
                        null,
                        null,
                        null)
                : kept;
    }

    private PlannedImage outside(Component component, Source.Image source, Map<String, String> digests) {
        ImageReference image = ImageReference.parse(source.reference());
        return new PlannedImage(
                image.registry() + "/" + image.repository(), digest(component.name(), image, digests), null, null);
    }

    private PlannedImage built(
            Application application, Component component, @Nullable PinnedSource source, Map<String, String> digests) {
        if (source == null
                || !(component.source() instanceof Source.Git git)
                || git.build().base() == null) {
            throw new IllegalStateException(component.name() + " has a source that the check should have refused");
        }
        ImageReference base = ImageReference.parse(git.build().base());
        String baseDigest = digest(component.name(), base, digests);
        String key =
                BuildKey.of(source.tree(), BUILDER + "/" + ImageComposer.VERSION, baseDigest, arguments(git.build()));
        PlannedImage wanted = new PlannedImage(
                ImageReference.OWN_REGISTRY + "/" + application.name() + "/" + component.name(),
                null,
                key,
                base.withDigest(baseDigest).toString());
        return existing(key)
                .map(build -> new PlannedImage(build.repository(), build.digest(), key, wanted.base()))
                .orElse(wanted);
    }

    private static List<String> arguments(Source.Build build) {
        List<String> arguments = new ArrayList<>();
        build.layout().forEach((into, from) -> arguments.add(into + "=" + from));
        arguments.add("entrypoint");
        arguments.addAll(build.entrypoint());
        return arguments;
    }

    /** A build of that key whose image the registry still has. */
    private java.util.Optional<Build> existing(String key) {
        return builds.byKey(key).filter(build -> {
            ImageReference image = ImageReference.parse(build.repository());
            return registries.of(image).exists(image.repository(), build.digest());
        });
    }

    private String digest(String where, ImageReference image, Map<String, String> known) {
        String pinned = image.digest();
        if (pinned != null) {
            return pinned;
        }
        return known.computeIfAbsent(
                image.toString(),
                text -> registries
                        .of(image)
                        .head(image.repository(), image.reference())
                        .orElseThrow(() -> new ProblemException(Problem.of(
                                ProblemCode.IMAGE_NOT_FOUND,
                                where,
                                "image",
                                image.toString(),
                                "registry",
                                image.registry())))
                        .digest());
    }

    @Override
    public void build(StepCall call) {
        try {
            String component = component(call);
            Pins pins = plans.pins(call.runId());
            PlannedImage image = planned(call, component);
            PinnedSource source = pins.sources().get(component);
            String key = image.buildKey();
            if (key == null || source == null) {
                throw new IllegalStateException(component + " is not built");
            }
            Built built = ledger.once(call, key, Built.class, () -> join(call, key, component, image, source));
            plans.built(call.runId(), component, built.repository(), built.digest());
            releases.ofRun(call.runId())
                    .ifPresent(release -> releases.image(
                            release,
                            new ReleaseImage(component, built.repository() + "@" + built.digest(), source.commit())));
        } catch (ProblemException e) {
            log.write(call, e.problem().code() + " " + e.problem().arguments());
            throw Problems.failure(e);
        }
    }

    private static String component(StepCall call) {
        String component = call.component();
        if (component == null) {
            throw new IllegalStateException(call.stepId() + " names no component");
        }
        return component;
    }

    private PlannedImage planned(StepCall call, String component) {
        PlannedImage image = plans.images(call.runId()).images().get(component);
        if (image == null) {
            throw new IllegalStateException(component + " is not in the plan");
        }
        return image;
    }

    /** The first who needs a key builds it, the others wait for that build. All of them heartbeat. */
    private Built join(StepCall call, String key, String component, PlannedImage image, PinnedSource source) {
        CompletableFuture<Built> mine = new CompletableFuture<>();
        CompletableFuture<Built> build = running.putIfAbsent(key, mine);
        if (build == null) {
            build = mine;
            Thread worker = new Thread(() -> run(mine, call, key, component, image, source), "build-" + component);
            worker.setDaemon(true);
            worker.start();
        } else {
            log.write(call, "the same image is being built already; waiting for it");
        }
        return await(build);
    }

    private void run(
            CompletableFuture<Built> end,
            StepCall call,
            String key,
            String component,
            PlannedImage image,
            PinnedSource source) {
        try {
            end.complete(compose(call, key, component, image, source));
        } catch (RuntimeException | Error e) {
            end.completeExceptionally(e);
        } finally {
            running.remove(key);
        }
    }

    private static Built await(CompletableFuture<Built> build) {
        ActivityExecutionContext context = Activity.getExecutionContext();
        while (true) {
            try {
                return build.get(HEARTBEAT_SECONDS, TimeUnit.SECONDS);
            } catch (TimeoutException e) {
                context.heartbeat(null);
            } catch (ExecutionException e) {
                throw e.getCause() instanceof RuntimeException problem
                        ? problem
                        : new CompletionException(e.getCause());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("the worker stops", e);
            }
        }
    }

    private Built compose(StepCall call, String key, String component, PlannedImage image, PinnedSource source) {
        var there = existing(key);
        if (there.isPresent()) {
            log.write(
                    call,
                    "reused " + there.get().repository() + "@" + there.get().digest());
            return new Built(there.get().repository(), there.get().digest());
        }
        Instant started = clock.instant();
        Application application =
                ApplicationCheck.read(plans.pins(call.runId()).document()).orElseThrow();
        Source.Git git = git(application, component);
        log.write(call, "composing from " + source.url() + " at " + source.commit());
        String repository = ImageReference.parse(image.repository()).repository();
        ComposedImage composed =
                composer.compose(composition(git, image, source), repository, tag(source), listener(call));
        // Read back: the registry's word that the image is there, not ours.
        if (!registries.own().exists(repository, composed.digest())) {
            throw new ProblemException(Problem.of(
                    ProblemCode.REGISTRY_ANSWER,
                    repository,
                    "registry",
                    ImageReference.OWN_REGISTRY,
                    "image",
                    repository,
                    "reason",
                    composed.digest() + " is not there"));
        }
        builds.record(new Build(
                key,
                image.repository(),
                composed.digest(),
                source.url(),
                source.commit(),
                BUILDER,
                image.base(),
                call.runId(),
                started,
                clock.instant()));
        log.write(call, image.repository() + "@" + composed.digest() + ", pushed " + composed.pushedBytes() + " bytes");
        return new Built(image.repository(), composed.digest());
    }

    private static Source.Git git(Application application, String component) {
        if (application.component(component).orElseThrow().source() instanceof Source.Git source) {
            return source;
        }
        throw new IllegalStateException(component + " is not built from git");
    }

    private Composition composition(Source.Git source, PlannedImage image, PinnedSource pin) {
        String baseText = image.base();
        if (baseText == null) {
            throw new IllegalStateException("composed without a base");
        }
        ImageReference base = ImageReference.parse(baseText);
        List<Composition.Layer> layers = new ArrayList<>();
        Map<String, String> layout = source.build().layout().isEmpty()
                ? Map.of("/app", ".")
                : source.build().layout();
        layout.forEach((into, from) -> layers.add(
                new Composition.Layer(into, git.files(pin.url(), pin.commit(), below(source.path(), from)))));
        return new Composition(
                new Composition.Base(registries.of(base), base.repository(), base.reference()),
                layers,
                new Composition.Settings(source.build().entrypoint(), List.of(), "", Map.of(), "", Map.of()));
    }

    private static String below(String folder, String path) {
        String inside = path.equals(".") ? "" : path;
        return folder.isEmpty() || inside.isEmpty() ? folder + inside : folder + "/" + inside;
    }

    /** {@code main-4f2a91c0b1d2}: branch and commit, as people look for it. */
    private static String tag(PinnedSource source) {
        String slug = source.ref().toLowerCase(java.util.Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
        String trimmed = slug.replaceAll("^-+|-+$", "");
        String name = trimmed.isEmpty() ? "commit" : trimmed.substring(0, Math.min(60, trimmed.length()));
        return name + "-" + source.commit().substring(0, 12);
    }

    private ComposeListener listener(StepCall call) {
        return new ComposeListener() {
            @Override
            public void line(String text) {
                log.write(call, text);
            }

            @Override
            public void pushed(long bytes) {}
        };
    }
}
