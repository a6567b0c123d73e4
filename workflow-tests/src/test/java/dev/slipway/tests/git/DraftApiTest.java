package dev.slipway.tests.git;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.slipway.tests.support.RunningSlipway;
import dev.slipway.tests.support.TestRepository;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DraftApiTest {
    @TempDir
    private Path data;

    @Test
    @DisplayName(
            "a repository at a branch is proposed in the reader's language; what is proposed passes the check; nothing is created")
    void draft() throws IOException, InterruptedException {
        try (TestRepository source = TestRepository.create(data.resolve("shop"));
                RunningSlipway slipway = RunningSlipway.start(
                        data.resolve("slipway"), "slipway.git.local-folders=" + data, "slipway.demo=false")) {
            source.write("api/package.json", "{\"scripts\": {\"start\": \"node index.js\"}}")
                    .write("api/index.js", "listen(4000)")
                    .write("compose.yaml", "services: {api: {build: api, labels: {a: b}}, db: {image: postgres:18}}\n")
                    .commit("A shop");

            HttpResponse<String> english = ask(slipway, source, "\"branch\": \"main\"", "en");
            HttpResponse<String> chinese = ask(slipway, source, "\"branch\": \"main\"", "zh");

            assertThat(english.statusCode()).as(english.body()).isEqualTo(200);
            JsonNode answer = new ObjectMapper().readTree(english.body());
            assertThat(answer.at("/components/0/chosen").asText())
                    .isEqualTo("Built by a Dockerfile that Slipway writes for node, because of"
                            + " api/package.json: scripts.start: node index.js.");
            assertThat(answer.at("/components/0/remarks").toString()).contains("Not taken over: labels.");
            assertThat(answer.at("/components/0/dockerfile").asText()).contains("USER 10001");
            assertThat(answer.at("/document").asText()).contains("path: api", "branch: main");
            assertThat(chinese.body()).contains("使用 Slipway 为 node 编写的 Dockerfile 构建", "未采用：labels。");
            HttpResponse<String> checked = send(
                    slipway,
                    "applications:check",
                    "application/yaml",
                    answer.at("/document").asText(),
                    "en");
            assertThat(checked.body()).contains("\"problems\":[]");
            assertThat(get(slipway, "applications")).doesNotContain("shop");

            String path = Path.of(URI.create(source.url())).toString();
            String asked = "{\"git\": \"" + path + "\", \"branch\": \"main\"}";
            assertThat(send(slipway, "applications:draft", "application/json", asked, "en")
                            .body())
                    .isEqualTo(english.body());

            assertThat(ask(slipway, source, "\"branch\": \"main\", \"tag\": \"v1\"", "en")
                            .statusCode())
                    .isEqualTo(400);
            HttpResponse<String> nothing = ask(slipway, source, "\"path\": \"api/nowhere\"", "en");
            assertThat(nothing.body()).contains("SLP-GIT-PATH-MISSING");
            source.write("empty/notes.txt", "x").commit("Notes");
            assertThat(ask(slipway, source, "\"path\": \"./empty/\"", "en").body())
                    .contains("SLP-BUILD-UNRECOGNISED");
        }
    }

    private static HttpResponse<String> ask(RunningSlipway slipway, TestRepository source, String more, String language)
            throws IOException, InterruptedException {
        return send(
                slipway,
                "applications:draft",
                "application/json",
                "{\"git\": \"" + source.url() + "\", " + more + "}",
                language);
    }

    private static HttpResponse<String> send(
            RunningSlipway slipway, String path, String type, String body, String language)
            throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(slipway.url() + "/api/v1/" + path))
                                .header("Authorization", "Bearer " + slipway.token())
                                .header("Content-Type", type)
                                .header("Accept-Language", language)
                                .POST(BodyPublishers.ofString(body))
                                .build(),
                        BodyHandlers.ofString());
    }

    private static String get(RunningSlipway slipway, String path) throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(slipway.url() + "/api/v1/" + path))
                                .header("Authorization", "Bearer " + slipway.token())
                                .build(),
                        BodyHandlers.ofString())
                .body();
    }
}
