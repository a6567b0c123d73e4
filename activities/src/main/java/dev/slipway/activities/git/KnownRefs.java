package dev.slipway.activities.git;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/** What remotes said of their refs a moment ago. Who asks while another one asks the same waits for that answer. */
final class KnownRefs {
    /** How old an answer may be: a picker asks on each key press. */
    static final Duration FRESH = Duration.ofSeconds(30);

    private static final int MOST = 50;

    private record Answer(CompletableFuture<GitRefs> refs, long askedAt) {}

    private final Map<String, Answer> answers = new LinkedHashMap<>();

    GitRefs of(String url, Supplier<GitRefs> ask) {
        CompletableFuture<GitRefs> mine = new CompletableFuture<>();
        CompletableFuture<GitRefs> refs = kept(url, mine);
        if (refs == mine) {
            try {
                mine.complete(ask.get());
            } catch (RuntimeException | Error e) {
                forget(url, mine);
                mine.completeExceptionally(e);
                throw e;
            }
        }
        try {
            return refs.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException problem ? problem : e;
        }
    }

    private synchronized CompletableFuture<GitRefs> kept(String url, CompletableFuture<GitRefs> mine) {
        long now = System.nanoTime();
        answers.values().removeIf(answer -> now - answer.askedAt() > FRESH.toNanos());
        Answer there = answers.get(url);
        if (there != null) {
            return there.refs();
        }
        if (answers.size() >= MOST) {
            answers.remove(answers.keySet().iterator().next());
        }
        answers.put(url, new Answer(mine, now));
        return mine;
    }

    /** It is known that they changed. */
    synchronized void forget(String url) {
        answers.remove(url);
    }

    private synchronized void forget(String url, CompletableFuture<GitRefs> mine) {
        answers.values().removeIf(answer -> answer.refs() == mine);
    }
}
