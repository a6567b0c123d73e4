package dev.slipway.activities.store;

import dev.slipway.activities.store.PlanStore.Images;
import dev.slipway.activities.store.PlanStore.PinnedSource;
import dev.slipway.activities.store.PlanStore.Pins;
import dev.slipway.activities.store.PlanStore.PlannedImage;
import dev.slipway.activities.store.ReleaseStore.Release;
import dev.slipway.activities.store.ReleaseStore.ReleaseImage;
import dev.slipway.activities.store.RunStore.StoredRun;
import dev.slipway.workflows.contract.Amendment;
import dev.slipway.workflows.contract.Problems;
import dev.slipway.workflows.contract.RunFinished;
import dev.slipway.workflows.contract.RunOpened;
import dev.slipway.workflows.contract.RunQuestion;
import dev.slipway.workflows.contract.StoreActivities;
import dev.slipway.workflows.environment.OverridesEditor;
import dev.slipway.workflows.problem.ProblemException;
import dev.slipway.workflows.run.Operation;
import dev.slipway.workflows.run.Outcome;
import dev.slipway.workflows.run.Progress;
import dev.slipway.workflows.run.Scope;
import dev.slipway.workflows.run.StepKind;
import dev.slipway.workflows.run.StepState;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a run records of itself, in PostgreSQL. */
public final class JdbcStoreActivities implements StoreActivities {
    private final RunStore runs;
    private final PlanStore plans;
    private final ReleaseStore releases;
    private final EnvironmentStore environments;
    private final QuestionStore questions;

    public JdbcStoreActivities(
            RunStore runs,
            PlanStore plans,
            ReleaseStore releases,
            EnvironmentStore environments,
            QuestionStore questions) {
        this.runs = runs;
        this.plans = plans;
        this.releases = releases;
        this.environments = environments;
        this.questions = questions;
    }

    @Override
    public RunOpened openRun(String runId) {
        StoredRun run = runs.open(runId);
        return new RunOpened(
                run.id(),
                run.environmentId(),
                run.cluster(),
                run.agreedPlan(),
                run.onConflict(),
                run.outcome(),
                run.onFailure(),
                run.answerWithin());
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
        Pins pins = plans.pins(runId);
        Images images = plans.images(runId);
        Release release = releases.open(run.environmentId(), runId, pins.document());
        images.images().keySet().forEach(component -> image(release, pins, images, component));
    }

    private void image(Release release, Pins pins, Images images, String component) {
        PlannedImage image = images.images().get(component);
        if (image != null && image.digest() != null) {
            PinnedSource source = pins.sources().get(component);
            releases.image(
                    release,
                    new ReleaseImage(
                            component,
                            image.repository() + "@" + image.digest(),
                            source == null ? null : source.commit()));
        }
    }

    @Override
    public void ask(RunQuestion question) {
        questions.ask(question.runId(), question.question());
    }

    @Override
    public void remind(RunQuestion question) {
        questions.remind(question.runId(), question.question());
    }

    @Override
    public void answered(RunQuestion question) {
        questions.answered(question.runId(), question.question());
    }

    @Override
    public void amend(Amendment amendment) {
        StoredRun run = runs.byId(amendment.runId());
        try {
            environments.override(
                    run.environmentId(),
                    text -> OverridesEditor.component(text, amendment.component(), amendment.inputs()));
        } catch (ProblemException e) {
            throw Problems.failure(e);
        }
        plans.scope(amendment.planId(), new Scope(Operation.DEPLOY, List.of(amendment.component()), false, Map.of()));
    }

    @Override
    public void amendRelease(Amendment amendment) {
        releases.ofRun(amendment.runId()).ifPresent(release -> {
            Pins pins = plans.pins(amendment.planId());
            releases.amend(release, pins.document());
            image(release, pins, plans.images(amendment.planId()), amendment.component());
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
        StoredRun run = runs.byId(finished.runId());
        if (stays(finished.outcome())) {
            override(run);
        }
        if (run.operation() == Operation.DESTROY && finished.outcome() == Outcome.SUCCEEDED) {
            environments.destroyed(run.environmentId(), run.scope().deleteVolumes());
        }
        releases.close(finished.runId(), releaseState(finished.outcome(), finished.progress()));
        runs.finish(finished.runId(), finished.outcome(), finished.progress());
    }

    /** Whether what the run has done, or some of it, is there from now on. */
    private static boolean stays(Outcome outcome) {
        return switch (outcome) {
            case SUCCEEDED, UNCHANGED, FAILED, STOPPED, TERMINATED -> true;
            case REFUSED, ROLLED_BACK, ROLLBACK_INCOMPLETE, CANCELLED, SUPERSEDED -> false;
        };
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
