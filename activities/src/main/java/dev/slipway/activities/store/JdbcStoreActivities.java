package dev.slipway.activities.store;

import dev.slipway.activities.store.PlanStore.Images;
import dev.slipway.activities.store.PlanStore.PinnedSource;
import dev.slipway.activities.store.PlanStore.Pins;
import dev.slipway.activities.store.ReleaseStore.Release;
import dev.slipway.activities.store.ReleaseStore.ReleaseImage;
import dev.slipway.activities.store.RunStore.StoredRun;
import dev.slipway.workflows.contract.RunFinished;
import dev.slipway.workflows.contract.RunOpened;
import dev.slipway.workflows.contract.StoreActivities;
import dev.slipway.workflows.environment.OverridesEditor;
import dev.slipway.workflows.run.Operation;
import dev.slipway.workflows.run.Outcome;
import dev.slipway.workflows.run.Progress;
import dev.slipway.workflows.run.StepKind;
import dev.slipway.workflows.run.StepState;
import org.jspecify.annotations.Nullable;

/** What a run records of itself, in PostgreSQL. */
public final class JdbcStoreActivities implements StoreActivities {
    private final RunStore runs;
    private final PlanStore plans;
    private final ReleaseStore releases;
    private final EnvironmentStore environments;

    public JdbcStoreActivities(RunStore runs, PlanStore plans, ReleaseStore releases, EnvironmentStore environments) {
        this.runs = runs;
        this.plans = plans;
        this.releases = releases;
        this.environments = environments;
    }

    @Override
    public RunOpened openRun(String runId) {
        StoredRun run = runs.open(runId);
        return new RunOpened(
                run.id(), run.environmentId(), run.cluster(), run.agreedPlan(), run.onConflict(), run.outcome());
    }

    @Override
    public void startRun(String runId) {
        runs.start(runId);
    }

    @Override
    public void openRelease(String runId) {
        StoredRun run = runs.byId(runId);
        if (run.operation() == Operation.BUILD
                || run.operation() == Operation.RESTART
                || run.operation() == Operation.DESTROY) {
            return; // Nothing is to run that did not.
        }
        override(run);
        Pins pins = plans.pins(runId);
        Images images = plans.images(runId);
        Release release = releases.open(run.environmentId(), runId, pins.document());
        images.images().forEach((component, image) -> {
            if (image.digest() != null) {
                PinnedSource source = pins.sources().get(component);
                releases.image(
                        release,
                        new ReleaseImage(
                                component,
                                image.repository() + "@" + image.digest(),
                                source == null ? null : source.commit()));
            }
        });
    }

    /** A number of replicas that somebody asked for is the environment's from now on: the next deploy keeps it. */
    private void override(StoredRun run) {
        if (!run.scope().replicas().isEmpty()) {
            environments.override(run.environmentId(), text -> {
                String edited = text;
                for (var wanted : run.scope().replicas().entrySet()) {
                    edited = OverridesEditor.replicas(edited, wanted.getKey(), wanted.getValue());
                }
                return edited;
            });
        }
    }

    @Override
    public void finishRun(RunFinished finished) {
        if (finished.outcome() == Outcome.UNCHANGED) {
            override(runs.byId(finished.runId()));
        }
        StoredRun run = runs.byId(finished.runId());
        if (run.operation() == Operation.DESTROY && finished.outcome() == Outcome.SUCCEEDED) {
            environments.destroyed(run.environmentId(), run.scope().deleteVolumes());
        }
        releases.close(finished.runId(), releaseState(finished.outcome(), finished.progress()));
        runs.finish(finished.runId(), finished.outcome(), finished.progress());
    }

    private static ReleaseStore.State releaseState(Outcome outcome, @Nullable Progress progress) {
        if (outcome == Outcome.SUCCEEDED) {
            return ReleaseStore.State.DEPLOYED;
        }
        boolean someGotThere = progress != null
                && progress.steps().stream()
                        .anyMatch(step -> step.kind() == StepKind.DEPLOY && step.state() == StepState.DONE);
        return someGotThere ? ReleaseStore.State.PARTIAL : ReleaseStore.State.FAILED;
    }
}
