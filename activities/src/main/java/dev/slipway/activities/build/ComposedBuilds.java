package dev.slipway.activities.build;

import dev.slipway.activities.build.ImageBuildActivities.Built;
import dev.slipway.activities.git.GitSource;
import dev.slipway.activities.image.ComposeListener;
import dev.slipway.activities.image.ComposedImage;
import dev.slipway.activities.image.Composition;
import dev.slipway.activities.image.ImageComposer;
import dev.slipway.activities.image.Registries;
import dev.slipway.activities.store.BuildStore;
import dev.slipway.activities.store.BuildStore.Build;
import dev.slipway.activities.store.Ids;
import dev.slipway.workflows.application.ImageReference;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import io.temporal.activity.Activity;
import io.temporal.activity.ActivityExecutionContext;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Builder {@code jib}: layers straight from the git tree onto a base, without running anything of the repository. One of all workers
 * makes a build; the others look every second whether it has ended, and one of them makes it when that worker is silent.
 */
final class ComposedBuilds {
    private static final Logger LOG = LoggerFactory.getLogger(ComposedBuilds.class);
    private static final long LOOK_MILLIS = 1_000;
    private static final Executor SOON = CompletableFuture.delayedExecutor(LOOK_MILLIS, TimeUnit.MILLISECONDS);
    private static final Duration SILENCE = Duration.ofSeconds(15);
    /** Each reads a tree and writes it to disk: more at once are slower together. */
    private static final int AT_ONCE = 4;

    private final String worker = Ids.next();
    private final GitSource git;
    private final Registries registries;
    private final ImageComposer composer;
    private final BuildStore builds;
    private final Attempts attempts;
    private final Clock clock;
    private final Semaphore places = new Semaphore(AT_ONCE, true);
    /** Those that this worker makes, by build. */
    private final Map<String, FutureTask<Built>> making = new ConcurrentHashMap<>();

    ComposedBuilds(
            GitSource git,
            Registries registries,
            ImageComposer composer,
            BuildStore builds,
            Attempts attempts,
            Clock clock) {
        this.git = git;
        this.registries = registries;
        this.composer = composer;
        this.builds = builds;
        this.attempts = attempts;
        this.clock = clock;
    }

    /** Makes the build, or waits for whoever does. @return what was built, in the repository of the first who wanted it */
    Built build(BuildTask task, String build) {
        ActivityExecutionContext context = Activity.getExecutionContext();
        while (true) {
            context.heartbeat(null);
            if (builds.claim(build, worker, SILENCE)) {
                making.computeIfAbsent(build, id -> begin(task, id));
            }
            FutureTask<Built> here = making.get(build);
            try {
                if (here != null) {
                    return here.get(LOOK_MILLIS, TimeUnit.MILLISECONDS);
                }
                Build then = builds.byId(build);
                switch (then.state()) {
                    case SUCCEEDED -> {
                        return new Built(then.repository(), Objects.requireNonNull(then.digest()));
                    }
                    case FAILED -> throw new ProblemException(Objects.requireNonNull(then.problem()));
                    case CANCELLED -> throw interrupted(task, "it was cancelled");
                    case RUNNING -> Thread.sleep(LOOK_MILLIS);
                }
            } catch (TimeoutException e) {
                // It goes on.
            } catch (CancellationException e) {
                throw interrupted(task, "it was cancelled");
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

    /** Nobody waits for it any more: it ends where it is. */
    void cancel(String build) {
        FutureTask<Built> here = making.get(build);
        if (here != null) {
            here.cancel(true);
        }
    }

    private FutureTask<Built> begin(BuildTask task, String build) {
        FutureTask<Built> making =
                new FutureTask<>(() -> {
                    place(build);
                    try {
                        return attempts.succeeded(build, compose(task, build));
                    } catch (ProblemException e) {
                        attempts.failed(build, e.problem());
                        throw e;
                    } catch (RuntimeException e) {
                        attempts.failed(build, Attempts.unexpected(e));
                        throw e;
                    } finally {
                        places.release();
                    }
                }) {
                    @Override
                    protected void done() {
                        ComposedBuilds.this.making.remove(build);
                    }
                };
        Thread thread = new Thread(making, "build-" + task.component());
        thread.setDaemon(true);
        thread.start();
        SOON.execute(() -> hold(build));
        return making;
    }

    /** As long as it is made here the others know; when nobody wants it any more, or another makes it, it ends here. */
    private void hold(String build) {
        FutureTask<Built> here = making.get(build);
        if (here == null) {
            return;
        }
        try {
            if (!builds.claim(build, worker, SILENCE) && builds.byId(build).state() != BuildStore.State.SUCCEEDED) {
                here.cancel(true);
                return;
            }
        } catch (RuntimeException e) {
            LOG.debug("the claim of {} is renewed later", build, e);
        }
        SOON.execute(() -> hold(build));
    }

    private void place(String build) throws InterruptedException {
        // Without a time it would go before those that wait.
        if (!places.tryAcquire(0, TimeUnit.SECONDS)) {
            line(
                    build,
                    "waiting for a place: " + AT_ONCE + " builds run here, " + places.getQueueLength()
                            + " are before this one");
            places.acquire();
        }
    }

    private static ProblemException interrupted(BuildTask task, String reason) {
        return new ProblemException(
                Problem.of(ProblemCode.BUILD_INTERRUPTED, "component " + task.component(), "reason", reason));
    }

    private Built compose(BuildTask task, String build) {
        line(build, "composing from " + task.pin().url() + " at " + task.pin().commit());
        ComposedImage composed = composer.compose(composition(task), task.repository(), task.tag(), listener(build));
        builds.pushed(build, composed.pushedBytes());
        line(
                build,
                task.image().repository() + "@" + composed.digest() + ", pushed " + composed.pushedBytes() + " bytes");
        return new Built(task.image().repository(), composed.digest());
    }

    private Composition composition(BuildTask task) {
        String baseText = task.image().base();
        if (baseText == null) {
            throw new IllegalStateException("composed without a base");
        }
        ImageReference base = ImageReference.parse(baseText);
        List<Composition.Layer> layers = new ArrayList<>();
        Map<String, String> layout = task.source().build().layout().isEmpty()
                ? Map.of("/app", ".")
                : task.source().build().layout();
        layout.forEach((into, from) -> layers.add(new Composition.Layer(
                into, git.files(task.pin().url(), task.pin().commit(), task.below(from)))));
        return new Composition(
                new Composition.Base(registries.of(base), base.repository(), base.reference()),
                layers,
                new Composition.Settings(task.source().build().entrypoint(), List.of(), "", Map.of(), "", Map.of()));
    }

    private void line(String build, String text) {
        attempts.said(build, clock.instant(), text);
    }

    private ComposeListener listener(String build) {
        return new ComposeListener() {
            @Override
            public void line(String text) {
                ComposedBuilds.this.line(build, text);
            }

            @Override
            public void pushed(long bytes) {}
        };
    }
}
