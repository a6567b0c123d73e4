package dev.slipway.activities.build;

import dev.slipway.activities.build.ImageBuildActivities.Built;
import dev.slipway.activities.image.Registries;
import dev.slipway.activities.kubernetes.log.Ansi;
import dev.slipway.activities.store.BuildLog;
import dev.slipway.activities.store.BuildStore;
import dev.slipway.activities.store.BuildStore.Build;
import dev.slipway.activities.store.BuildStore.Wanted;
import dev.slipway.activities.store.PlanStore.PinnedSource;
import dev.slipway.activities.store.PlanStore.PlannedImage;
import dev.slipway.activities.store.StepLog;
import dev.slipway.workflows.application.ImageReference;
import dev.slipway.workflows.contract.StepCall;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What is kept of builds while they are made and when they end. */
final class Attempts {
    private final BuildStore builds;
    private final BuildLog log;
    private final Registries registries;

    Attempts(BuildStore builds, BuildLog log, Registries registries) {
        this.builds = builds;
        this.log = log;
        this.registries = registries;
    }

    /** The build of the task's key that runs, or a new one. */
    Build join(BuildTask task) {
        PlannedImage image = task.image();
        return builds.join(
                new Wanted(
                        task.key(),
                        task.application(),
                        task.component(),
                        task.pin().url(),
                        task.pin().ref(),
                        task.pin().commit(),
                        task.pin().tree(),
                        task.source().build().byDockerfile() ? "dockerfile" : "jib",
                        image.builder(),
                        image.bases().isEmpty()
                                ? image.base()
                                : String.join(" ", image.bases().values()),
                        image.repository(),
                        task.tag()),
                task.call());
    }

    /** A line of the builder. @param text as it came; its colours are kept, nothing else that a terminal would obey */
    void said(String build, Instant at, String text) {
        String plain = Ansi.plain(text).stripTrailing();
        log.write(
                build,
                at,
                plain.length() > StepLog.MAX_LINE
                        ? plain.substring(0, StepLog.MAX_LINE - 1) + "…"
                        : Ansi.coloured(text).stripTrailing());
    }

    /** When it said its last line; {@code null}: it has said none. */
    @Nullable
    Instant saidUntil(String build) {
        return log.writtenUntil(build).orElse(null);
    }

    /** Of a log that grows long, only the first and the last part stay. */
    void trim(String build) {
        log.trim(build);
    }

    /**
     * It is built, if the registry has it: its word counts, not the builder's.
     *
     * @throws ProblemException {@code SLP-REGISTRY-ANSWER}
     */
    Built succeeded(String build, Built built) {
        String repository = ImageReference.parse(built.repository()).repository();
        if (!registries.own().exists(repository, built.digest())) {
            throw new ProblemException(Problem.of(
                    ProblemCode.REGISTRY_ANSWER,
                    repository,
                    "registry",
                    ImageReference.OWN_REGISTRY,
                    "image",
                    repository,
                    "reason",
                    built.digest() + " is not there"));
        }
        builds.succeeded(build, built.repository(), built.digest());
        log.close(build);
        return built;
    }

    /** The image is found by this branch and commit too, whoever has built it. */
    void tag(Built built, PinnedSource pin) {
        String repository = ImageReference.parse(built.repository()).repository();
        String tag = BuildTask.tag(pin);
        boolean there = registries
                .own()
                .head(repository, tag)
                .filter(image -> image.digest().equals(built.digest()))
                .isPresent();
        if (!there) {
            var unused = registries.own().tag(repository, built.digest(), tag);
        }
    }

    /** Whoever made it says so. */
    void failed(String build, Problem problem) {
        builds.failed(build, problem);
        log.close(build);
    }

    /** The step that waited for it got no further. Others may: it has failed only when nobody waits for it any more. */
    void givenUp(StepCall call, String build, Problem problem) {
        if (builds.leave(call, build, problem)) {
            log.close(build);
        }
    }

    static Problem unexpected(RuntimeException e) {
        return Problem.of(ProblemCode.STEP_UNEXPECTED, "", "message", e.toString());
    }

    /** The step does not wait for it any more. @return whether nobody does now */
    boolean left(StepCall call, String build) {
        boolean last = builds.leave(call, build, null);
        if (last) {
            log.close(build);
        }
        return last;
    }
}
