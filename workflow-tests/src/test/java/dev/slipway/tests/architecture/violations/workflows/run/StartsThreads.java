package dev.slipway.tests.architecture.violations.workflows.run;

import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;

final class StartsThreads {
    Thread thread = new Thread(() -> {});
    Random dice = new Random(1);
    Map<String, String> shared = new ConcurrentHashMap<>();
}
