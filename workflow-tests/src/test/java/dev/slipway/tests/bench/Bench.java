package dev.slipway.tests.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Assumptions;

/** One benchmark's figures: asked for by {@code -Dbench=<name>}, printed as one line, kept in ops/benchmarks.md by {@code -Dbench=all}. */
final class Bench {
    private static final ObjectMapper JSON =
            new ObjectMapper().configure(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS, false);

    private final String name;
    private final Map<String, Object> metrics = new LinkedHashMap<>();
    private final Map<String, String> aims = new LinkedHashMap<>();

    private Bench(String name) {
        this.name = name;
    }

    /** Skips the caller unless this benchmark, or all of them, is asked for. */
    static Bench named(String name) {
        String wanted = System.getProperty("bench", "");
        Assumptions.assumeTrue(wanted.equals("all") || wanted.equals(name), "ask for it by -Pbench -Dbench=" + name);
        return new Bench(name);
    }

    Bench metric(String metric, double value) {
        metrics.put(metric, Math.round(value * 1000) / 1000.0);
        return this;
    }

    Bench aim(String metric, String aim) {
        aims.put(metric, aim);
        return this;
    }

    void report() throws IOException {
        Map<String, Object> environment = new LinkedHashMap<>();
        environment.put("cores", Runtime.getRuntime().availableProcessors());
        environment.put("java", Runtime.version().toString());
        environment.put(
                "load", Math.round(ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage() * 10) / 10.0);
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("name", name);
        line.put("metrics", metrics);
        line.put("aims", aims);
        line.put("environment", environment);
        System.out.println("BENCH " + JSON.writeValueAsString(line));
        if (System.getProperty("bench", "").equals("all")) {
            keep(line);
        }
    }

    private static void keep(Map<String, Object> line) throws IOException {
        Path folder = Files.createDirectories(Path.of("target", "bench"));
        Files.writeString(folder.resolve(line.get("name") + ".json"), JSON.writeValueAsString(line));
        Map<String, Map<?, ?>> all = new TreeMap<>();
        try (var files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Map<?, ?> kept = JSON.readValue(file.toFile(), Map.class);
                all.put(String.valueOf(kept.get("name")), kept);
            }
        }
        Files.writeString(Path.of(System.getProperty("bench.report")), page(all));
    }

    private static String page(Map<String, Map<?, ?>> all) throws JsonProcessingException {
        List<String> lines = new ArrayList<>(List.of(
                "# Benchmarks",
                "Written by `./mvnw -q -pl workflow-tests -am -Pbench verify -Dbench=all`; one of them by its name: `-Dbench=chain`.",
                "Figures of one run on a shared machine: read them as ratios. An aim that is not reached says so here.",
                ""));
        for (Map<?, ?> bench : all.values()) {
            lines.add("## " + bench.get("name"));
            lines.add("| figure | value | aim |");
            lines.add("|---|---|---|");
            Map<?, ?> aims = (Map<?, ?>) bench.get("aims");
            ((Map<?, ?>) bench.get("metrics"))
                    .forEach((metric, value) -> lines.add(String.format(
                            Locale.ROOT,
                            "| %s | %s | %s |",
                            metric,
                            value,
                            aims.containsKey(metric) ? aims.get(metric) : "")));
            lines.add("");
            lines.add("Environment: `" + JSON.writeValueAsString(bench.get("environment")) + "`");
            lines.add("");
        }
        return String.join("\n", lines);
    }
}
