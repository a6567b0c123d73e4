package dev.slipway.tests.support;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;

/** The same thing from many threads in the same moment. */
public final class AtOnce {
    private AtOnce() {}

    /** @return the answers by number, from 0; the first failure is thrown */
    public static <T> List<T> run(int times, IntFunction<T> task) {
        ExecutorService threads = Executors.newFixedThreadPool(times);
        try {
            CountDownLatch all = new CountDownLatch(times);
            List<Future<T>> begun = new ArrayList<>();
            for (int i = 0; i < times; i++) {
                int number = i;
                begun.add(threads.submit(() -> {
                    all.countDown();
                    all.await();
                    return task.apply(number);
                }));
            }
            List<T> answers = new ArrayList<>();
            for (Future<T> one : begun) {
                answers.add(one.get());
            }
            return answers;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
        } finally {
            threads.shutdownNow();
        }
    }
}
