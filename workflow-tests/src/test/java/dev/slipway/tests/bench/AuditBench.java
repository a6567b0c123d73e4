package dev.slipway.tests.bench;

import dev.slipway.activities.store.Ids;
import dev.slipway.activities.store.audit.AuditEntry;
import dev.slipway.activities.store.audit.AuditOutcome;
import dev.slipway.activities.store.audit.AuditProof;
import dev.slipway.activities.store.audit.AuditStore;
import dev.slipway.tests.support.RunningSlipway;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditBench {
    private static final int ROWS = 20_000;
    private static final int ALONE = 500;

    @TempDir
    private Path data;

    @Test
    @DisplayName("audit: rows that are committed one by one and by twenty at once, and the proof of all")
    void audit() throws Exception {
        Bench bench = Bench.named("audit").aim("rowsPerSecond", ">= 400").aim("rowMillisecondsP99", "<= 50");
        try (RunningSlipway slipway = RunningSlipway.start(data)) {
            AuditStore store = slipway.get(AuditStore.class);
            long begun = System.nanoTime();
            for (int i = 0; i < ALONE; i++) {
                store.append(entry());
            }
            bench.metric("aloneMilliseconds", (System.nanoTime() - begun) / 1e6 / ALONE);
            Queue<Long> took = new ConcurrentLinkedQueue<>();
            ExecutorService threads = Executors.newFixedThreadPool(20);
            begun = System.nanoTime();
            for (int i = 0; i < ROWS; i++) {
                threads.execute(() -> {
                    long before = System.nanoTime();
                    store.append(entry());
                    took.add(System.nanoTime() - before);
                });
            }
            threads.shutdown();
            if (!threads.awaitTermination(5, TimeUnit.MINUTES)) {
                throw new AssertionError("still appending");
            }
            bench.metric("rowsPerSecond", ROWS / ((System.nanoTime() - begun) / 1e9));
            List<Long> sorted = took.stream().sorted().toList();
            bench.metric("rowMillisecondsP99", sorted.get(sorted.size() * 99 / 100) / 1e6);
            begun = System.nanoTime();
            if (!slipway.get(AuditProof.class).prove(List.of()).whole()) {
                throw new AssertionError("the chain is broken");
            }
            bench.metric("proofRowsPerSecond", (ROWS + ALONE) / ((System.nanoTime() - begun) / 1e9))
                    .report();
        }
    }

    private static AuditEntry entry() {
        String act = Ids.next();
        return new AuditEntry(
                Instant.now(),
                act,
                act,
                AuditOutcome.ALLOWED,
                "ada",
                "",
                "",
                "api",
                "127.0.0.1",
                "thing.do",
                "thing",
                "one",
                "",
                "POST /things",
                "",
                1);
    }
}
