package dev.slipway.activities.build;

import dev.slipway.activities.build.ImageBuildActivities.Built;
import dev.slipway.activities.git.GitSource;
import dev.slipway.activities.image.ComposeListener;
import dev.slipway.activities.image.ComposedImage;
import dev.slipway.activities.image.Composition;
import dev.slipway.activities.image.ImageComposer;
import dev.slipway.activities.image.Registries;
import dev.slipway.activities.store.StepLog;
import dev.slipway.workflows.application.ImageReference;
import dev.slipway.workflows.contract.StepCall;
import io.temporal.activity.Activity;
import io.temporal.activity.ActivityExecutionContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Builder {@code jib}: layers straight from the git tree onto a base, without running anything of the repository. */
final class ComposedBuilds {
    private static final long HEARTBEAT_SECONDS = 2;
    /** Each reads a tree and writes it to disk: more at once are slower together. */
    private static final int AT_ONCE = 4;

    private final GitSource git;
    private final Registries registries;
    private final ImageComposer composer;
    private final StepLog log;
    private final Semaphore places = new Semaphore(AT_ONCE, true);
    /** Builds of this process by key: who needs one that runs waits for it. */
    private final Map<String, CompletableFuture<Built>> running = new ConcurrentHashMap<>();

    ComposedBuilds(GitSource git, Registries registries, ImageComposer composer, StepLog log) {
        this.git = git;
        this.registries = registries;
        this.composer = composer;
        this.log = log;
    }

    /** The first who needs a key builds it, the others wait for that build. All of them heartbeat. @return what was built, in the repository of the first */
    Built build(BuildTask task) {
        CompletableFuture<Built> mine = new CompletableFuture<>();
        CompletableFuture<Built> build = running.putIfAbsent(task.key(), mine);
        if (build == null) {
            build = mine;
            Thread worker = new Thread(() -> run(mine, task), "build-" + task.component());
            worker.setDaemon(true);
            worker.start();
        } else {
            log.write(task.call(), "the same image is being built already; waiting for it");
        }
        return await(build);
    }

    private void run(CompletableFuture<Built> end, BuildTask task) {
        places.acquireUninterruptibly();
        try {
            end.complete(compose(task));
        } catch (RuntimeException | Error e) {
            end.completeExceptionally(e);
        } finally {
            places.release();
            running.remove(task.key());
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

    private Built compose(BuildTask task) {
        log.write(
                task.call(),
                "composing from " + task.pin().url() + " at " + task.pin().commit());
        ComposedImage composed =
                composer.compose(composition(task), task.repository(), task.tag(), listener(task.call()));
        log.write(
                task.call(),
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
