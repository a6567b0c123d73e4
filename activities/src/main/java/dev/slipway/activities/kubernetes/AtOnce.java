package dev.slipway.activities.kubernetes;

import dev.slipway.workflows.problem.ProblemException;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;

/** Asks a cluster many things, a few at a time: a plan of hundreds of objects is not to take a minute, nor to be a storm. */
final class AtOnce {
    private static final int LIMIT = 8;

    private AtOnce() {}

    /**
     * @return the answers, in the order of the questions
     * @throws ProblemException the first that a question ended with
     */
    static <A, B> List<B> ask(Collection<A> questions, Function<A, B> answer) {
        if (questions.isEmpty()) {
            return List.of();
        }
        ExecutorService asking = Executors.newFixedThreadPool(Math.min(LIMIT, questions.size()));
        try {
            List<CompletableFuture<B>> asked = questions.stream()
                    .map(question -> CompletableFuture.supplyAsync(() -> answer.apply(question), asking))
                    .toList();
            return asked.stream().map(CompletableFuture::join).toList();
        } catch (CompletionException e) {
            throw e.getCause() instanceof ProblemException problem ? problem : e;
        } finally {
            asking.shutdownNow();
        }
    }
}
