package dev.slipway.tests.architecture.violations.workflows.run;

import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

final class DiffersOnReplay {
    Supplier<UUID> id = UUID::randomUUID;

    Set<Object> answers() {
        return Stream.of(
                        System.currentTimeMillis(),
                        System.nanoTime(),
                        System.getenv("HOME"),
                        System.getProperty("user.home"),
                        Math.random(),
                        Instant.now())
                .collect(Collectors.toSet());
    }
}
