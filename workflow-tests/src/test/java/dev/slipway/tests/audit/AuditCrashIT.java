package dev.slipway.tests.audit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.slipway.tests.support.SlipwayProcess;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditCrashIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int THREADS = 20;
    private static final int ENOUGH = 150;
    private static final String DOCUMENT = """
            apiVersion: slipway.dev/v1
            kind: Application
            metadata: {name: app-%d}
            spec:
              components:
                - {name: web, source: {image: "registry.example/any@sha256:%s"}, security: {runAsUser: 10001}}
            """;

    @TempDir
    Path data;

    @Test
    @DisplayName(
            "killed while twenty act, every act that was acknowledged has its row, every one that was done has one, and the chain is whole")
    void killed() throws Exception {
        SlipwayProcess.Start start = SlipwayProcess.in(data).set("slipway.demo", "false");
        Set<String> acknowledged = ConcurrentHashMap.newKeySet();
        Set<String> requests = ConcurrentHashMap.newKeySet();
        try (SlipwayProcess slipway = start.start()) {
            AtomicInteger next = new AtomicInteger();
            ExecutorService threads = Executors.newFixedThreadPool(THREADS);
            List<Future<?>> acting = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                acting.add(threads.submit(() -> {
                    while (true) {
                        int number = next.incrementAndGet();
                        HttpResponse<String> answer = slipway.send(slipway.request("/api/v1/applications")
                                .header("Content-Type", "application/yaml")
                                .POST(BodyPublishers.ofString(DOCUMENT.formatted(number, "0".repeat(64))))
                                .build());
                        if (answer.statusCode() == 201) {
                            acknowledged.add("app-" + number);
                            requests.add(
                                    answer.headers().firstValue("X-Request-Id").orElseThrow());
                        }
                    }
                }));
            }
            while (acknowledged.size() < ENOUGH) {
                Thread.sleep(5);
                assertThat(acting).noneMatch(Future::isDone);
            }
            slipway.kill();
            threads.shutdownNow();
        }

        try (SlipwayProcess slipway = start.start()) {
            Set<String> allowed = new HashSet<>();
            Set<String> acts = new HashSet<>();
            int begun = 0;
            for (String line : slipway.get("/api/v1/audit/export?action=application.create")
                    .body()
                    .split("\n")) {
                JsonNode row = JSON.readTree(line);
                if (row.path("outcome").asText().equals("allowed")) {
                    allowed.add(row.path("name").asText());
                    acts.add(row.path("request").asText());
                } else {
                    begun++;
                }
            }
            Set<String> there = new HashSet<>();
            SlipwayProcess.json(slipway.get("/api/v1/applications?limit=200"))
                    .path("items")
                    .forEach(application -> there.add(application.path("name").asText()));

            assertThat(allowed).containsAll(acknowledged);
            assertThat(acts).containsAll(requests);
            assertThat(allowed.size() + begun)
                    .as("done, whether it was acknowledged or not")
                    .isGreaterThanOrEqualTo(there.size());
            assertThat(begun).isLessThanOrEqualTo(THREADS);
            JsonNode proof = SlipwayProcess.json(slipway.post("/api/v1/audit:verify", "{}"));
            assertThat(proof.path("whole").asBoolean()).as(proof.toString()).isTrue();
        }
    }
}
