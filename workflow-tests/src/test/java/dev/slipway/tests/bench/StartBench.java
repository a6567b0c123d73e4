package dev.slipway.tests.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.slipway.tests.support.SlipwayProcess;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StartBench {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path data;

    @Test
    @DisplayName("start: from the start of the process to the first page, and to the demo deployed by one click")
    void start() throws Exception {
        Bench bench = Bench.named("start")
                .aim("pageSeconds", "<= 8")
                .aim("demoDeploySeconds", "<= 6")
                .aim("residentMegabytes", "<= 600");
        long begun = System.nanoTime();
        try (SlipwayProcess slipway =
                SlipwayProcess.in(data).set("slipway.demo", "true").start()) {
            HttpClient browser = slipway.signedIn();
            HttpResponse<String> page = browser.send(
                    HttpRequest.newBuilder(slipway.url("/environments/storefront-dev"))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(page.statusCode()).isEqualTo(200);
            bench.metric("pageSeconds", seconds(begun));
            long clicked = System.nanoTime();
            HttpResponse<String> accepted =
                    slipway.post("/api/v1/environments/storefront-dev/runs", "{\"operation\":\"deploy\"}");
            assertThat(accepted.statusCode()).as(accepted.body()).isEqualTo(202);
            String run =
                    "/api/v1/runs/" + JSON.readTree(accepted.body()).path("id").asText();
            JsonNode end = await().atMost(Duration.ofMinutes(2))
                    .pollInterval(Duration.ofMillis(50))
                    .until(
                            () -> JSON.readTree(slipway.get(run).body()),
                            answer -> answer.path("state").asText().equals("finished"));
            bench.metric("demoDeploySeconds", seconds(clicked));
            assertThat(end.path("outcome").asText()).as(end.toString()).isEqualTo("succeeded");
            bench.metric("residentMegabytes", slipway.residentBytes() / 1e6)
                    .metric("residentWithPostgresMegabytes", slipway.residentBytesWithChildren() / 1e6)
                    .report();
        }
    }

    private static double seconds(long since) {
        return (System.nanoTime() - since) / 1e9;
    }
}
