package dev.slipway.activities.threads;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;

/**
 * Serves together those who wait at the same time: whoever comes while others are served is served with the next, so that one commit
 * is for many. The more there are, the less each costs; nobody waits for more to come.
 */
public final class Together<A, B> implements AutoCloseable {
    private final int most;
    private final Function<List<A>, List<B>> work;
    private final Queue<Waiting<A, B>> queue = new ConcurrentLinkedQueue<>();
    private final ExecutorService server;

    private record Waiting<A, B>(A asked, CompletableFuture<B> answer) {}

    /**
     * @param name of the one thread that serves
     * @param most so many are served at once
     * @param work by that thread alone; answers all that it is given, in their order
     */
    public Together(String name, int most, Function<List<A>, List<B>> work) {
        this.most = most;
        this.work = work;
        this.server = Executors.newSingleThreadExecutor(DaemonThreads.named(name));
    }

    /**
     * Waits for the answer. What the work throws, all throw who were served by it.
     *
     * @throws RejectedExecutionException it is closed
     */
    public B ask(A asked) {
        Waiting<A, B> mine = new Waiting<>(asked, new CompletableFuture<>());
        queue.add(mine);
        server.execute(this::serve);
        try {
            return mine.answer().join();
        } catch (CompletionException failed) {
            throw failed.getCause() instanceof RuntimeException cause ? cause : failed;
        }
    }

    private void serve() {
        List<Waiting<A, B>> some = new ArrayList<>();
        for (Waiting<A, B> next = queue.poll(); next != null; next = some.size() < most ? queue.poll() : null) {
            some.add(next);
        }
        if (some.isEmpty()) {
            return;
        }
        try {
            List<B> answers = work.apply(some.stream().map(Waiting::asked).toList());
            for (int i = 0; i < some.size(); i++) {
                some.get(i).answer().complete(answers.get(i));
            }
        } catch (RuntimeException | Error e) {
            some.forEach(one -> one.answer().completeExceptionally(e));
        }
    }

    /** Who waits is served; nobody else is. */
    @Override
    public void close() {
        server.shutdown();
    }
}
