package dev.slipway.activities.build;

import dev.slipway.activities.build.kaniko.KanikoProfile;
import dev.slipway.activities.detect.Bases;
import dev.slipway.activities.git.GitSource;
import dev.slipway.activities.image.ImageComposer;
import dev.slipway.activities.image.Registries;
import dev.slipway.activities.kubernetes.ClusterConnections;
import dev.slipway.activities.store.BuildLog;
import dev.slipway.activities.store.BuildStore;
import dev.slipway.activities.store.BuildStore.Build;
import dev.slipway.activities.store.EnvironmentStore;
import dev.slipway.activities.store.ParameterStore;
import dev.slipway.activities.store.PlanStore;
import dev.slipway.activities.store.PlanStore.Images;
import dev.slipway.activities.store.PlanStore.PinnedSource;
import dev.slipway.activities.store.PlanStore.Pins;
import dev.slipway.activities.store.PlanStore.PlannedImage;
import dev.slipway.activities.store.ReleaseStore;
import dev.slipway.activities.store.ReleaseStore.ReleaseImage;
import dev.slipway.activities.store.StepLedger;
import dev.slipway.activities.store.StepLog;
import dev.slipway.workflows.application.ApplicationCheck;
import dev.slipway.workflows.application.Source;
import dev.slipway.workflows.contract.ImageActivities;
import dev.slipway.workflows.contract.PlanCall;
import dev.slipway.workflows.contract.Problems;
import dev.slipway.workflows.contract.StepCall;
import dev.slipway.workflows.problem.ProblemException;
import dev.slipway.workflows.run.Operation;
import io.temporal.client.ActivityCanceledException;
import io.temporal.client.ActivityCompletionException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Objects;
import java.util.Optional;

/** Which images a plan needs, and building those that no build has made yet. */
public final class ImageBuildActivities implements ImageActivities {
    private final ImagePlanner planner;
    private final ComposedBuilds composed;
    private final DockerfileBuilds dockerfiles;
    private final Attempts attempts;
    private final Stores stores;

    /** What is kept. */
    public record Stores(
            BuildStore builds,
            BuildLog buildLog,
            PlanStore plans,
            ReleaseStore releases,
            EnvironmentStore environments,
            ParameterStore parameters,
            StepLedger ledger,
            StepLog log) {}

    /**
     * @param clusters that Dockerfiles are built in
     * @param bases that generated Dockerfiles begin with
     * @param spool folder for files on their way
     */
    public ImageBuildActivities(
            GitSource git,
            Registries registries,
            ImageComposer composer,
            ClusterConnections clusters,
            KanikoProfile kaniko,
            Bases bases,
            Stores stores,
            Path spool,
            Clock clock) {
        this.planner = new ImagePlanner(git, registries, stores, clusters, kaniko, bases);
        this.attempts = new Attempts(stores.builds(), stores.buildLog(), registries);
        this.composed = new ComposedBuilds(git, registries, composer, stores.builds(), attempts, clock);
        this.dockerfiles = new DockerfileBuilds(git, registries, composer, clusters, stores, attempts, kaniko, spool);
        this.stores = stores;
    }

    /**
     * The recorded effect of a build step.
     *
     * @param repository with the registry's name; of the first who asked for the build, which need not be this step's own
     */
    record Built(String repository, String digest) {}

    @Override
    public void planImages(PlanCall call) {
        try {
            Operation operation = stores.plans().scope(call.planId()).operation();
            if (operation == Operation.DESTROY) {
                return;
            }
            Images images = stores.plans()
                    .imagesOnce(
                            call.planId(),
                            () -> planner.plan(
                                    call.environmentId(), stores.plans().pins(call.planId()), operation));
            if (stores.plans().carriedOut(call.planId())) {
                tagReused(images, stores.plans().pins(call.planId()));
            }
        } catch (ProblemException e) {
            throw Problems.failure(e);
        }
    }

    private void tagReused(Images images, Pins pins) {
        images.images().forEach((component, image) -> {
            PinnedSource pin = pins.sources().get(component);
            if (pin != null && image.buildKey() != null && image.digest() != null && pins.covers(component)) {
                attempts.tag(new Built(image.repository(), image.digest()), pin);
            }
        });
    }

    @Override
    public void build(StepCall call) {
        try {
            BuildTask task = task(call);
            Built built = stores.ledger().once(call, task.key(), Built.class, () -> build(task));
            attempts.tag(built, task.pin());
            stores.plans().built(call.planId(), task.component(), built.repository(), built.digest());
            stores.releases()
                    .ofRun(call.runId())
                    .ifPresent(release -> stores.releases()
                            .image(
                                    release,
                                    new ReleaseImage(
                                            task.component(),
                                            built.repository() + "@" + built.digest(),
                                            task.pin().commit())));
        } catch (ProblemException e) {
            stores.log().write(call, e.problem().code() + " " + e.problem().arguments());
            throw Problems.failure(e);
        }
    }

    /**
     * Ends builds that no run waits for any more, as their runs were ended from outside, with what they have in clusters. Safe to
     * repeat, and in several processes at once.
     *
     * @throws ProblemException with a {@code KUBERNETES_} or {@code REGISTRY_} code; the rest is for the next time
     */
    public void endForgotten() {
        for (Build build : stores.builds().forgotten()) {
            dockerfiles.abandon(build);
            stores.builds().cancelForgotten(build.id());
        }
    }

    private BuildTask task(StepCall call) {
        String component = call.component();
        Pins pins = stores.plans().pins(call.planId());
        PlannedImage image = component == null
                ? null
                : stores.plans().images(call.planId()).images().get(component);
        PinnedSource pin = component == null ? null : pins.sources().get(component);
        String key = image == null ? null : image.buildKey();
        if (component == null || image == null || pin == null || key == null) {
            throw new IllegalStateException(call.stepId() + " builds nothing that is planned");
        }
        Source source = ApplicationCheck.read(pins.document())
                .orElseThrow()
                .component(component)
                .orElseThrow()
                .source();
        if (!(source instanceof Source.Git git)) {
            throw new IllegalStateException(component + " is not built from git");
        }
        return new BuildTask(call, key, component, image, git, pin);
    }

    private Built build(BuildTask task) {
        StepCall call = task.call();
        Optional<Build> there = planner.existing(task.key());
        if (there.isPresent()) {
            Build build = there.get();
            stores.builds().reuse(call, build.id());
            stores.log().write(call, "reused " + build.repository() + "@" + build.digest());
            return new Built(build.repository(), Objects.requireNonNull(build.digest()));
        }
        String build = attempts.join(task).id();
        try {
            return task.source().build().byDockerfile()
                    ? attempts.succeeded(build, dockerfiles.build(task, build))
                    : composed.build(task, build);
        } catch (ProblemException e) {
            attempts.givenUp(call, build, e.problem());
            throw e;
        } catch (ActivityCanceledException e) {
            if (attempts.left(call, build)) {
                composed.cancel(build);
            }
            throw e;
        } catch (ActivityCompletionException e) {
            throw e; // the step goes on elsewhere, or its run has gone: nothing is known of the build
        } catch (RuntimeException e) {
            if (!Thread.currentThread().isInterrupted()) { // else this worker stops, and another goes on
                attempts.givenUp(call, build, Attempts.unexpected(e));
            }
            throw e;
        }
    }
}
