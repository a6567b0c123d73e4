package dev.slipway.tests.people;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.activities.store.EnvironmentStore.StoredEnvironment;
import dev.slipway.tests.support.Api;
import dev.slipway.tests.support.RunningSlipway;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InboxTest {
    private static final String DOCUMENT = """
            apiVersion: slipway.dev/v1
            kind: Application
            metadata: {name: shop}
            spec:
              components:
                - {name: web, source: {image: "registry.example/any@sha256:%s"}, security: {runAsUser: 10001}}
            """.formatted("0".repeat(64));

    @Test
    @DisplayName(
            "a run that ended badly needs whoever started it and whoever watches, until one goes well or they are done with it")
    void needs(@TempDir Path data) {
        try (RunningSlipway slipway = RunningSlipway.start(data)) {
            StoredEnvironment shop = slipway.environment(DOCUMENT, "shop-dev");
            Api admin = Api.of(slipway);
            Api starter = admin.with(admin.service("starter", "developer", ", \"environment\": \"shop-dev\""));
            Api watcher = admin.with(admin.service("watcher", "viewer", ""));
            Api stranger = admin.with(admin.service("stranger", "viewer", ""));

            assertThat(watcher.send("PUT", "/environments/shop-dev/watch", null).status())
                    .isEqualTo(204);
            String refused = start(starter, "{\"plan\": \"" + "0".repeat(64) + "\"}");
            assertThat(slipway.finished(refused, Duration.ofMinutes(1)).outcome())
                    .hasToString("REFUSED");

            assertThat(runs(starter, "needs")).containsExactly(refused);
            assertThat(runs(starter, "mine")).containsExactly(refused);
            assertThat(runs(watcher, "needs")).containsExactly(refused);
            assertThat(runs(watcher, "watching")).containsExactly(refused);
            assertThat(runs(watcher, "mine")).isEmpty();
            assertThat(runs(stranger, "needs")).isEmpty();

            assertThat(watcher.send("PUT", "/inbox/" + refused + "/seen", null).status())
                    .isEqualTo(204);
            assertThat(runs(watcher, "needs")).isEmpty();
            assertThat(runs(starter, "needs")).as("the other's inbox is theirs").containsExactly(refused);
            watcher.send("DELETE", "/inbox/" + refused + "/seen", null);
            assertThat(runs(watcher, "needs")).containsExactly(refused);

            String good = slipway.deploy(shop).id();
            assertThat(runs(starter, "needs")).as("a later one went well").isEmpty();
            assertThat(runs(watcher, "watching")).containsExactly(good, refused);
            watcher.send("DELETE", "/environments/shop-dev/watch", null);
            assertThat(runs(watcher, "watching")).isEmpty();
            assertThat(watcher.get("/inbox?part=yours").code()).isEqualTo("SLP-REQUEST-INVALID");

            admin.send("PUT", "/people/starter/roles", "{\"roles\": []}", "If-Match", "\"1\"");
            assertThat(runs(starter, "mine"))
                    .as("what is not seen any more is not there")
                    .isEmpty();
        }
    }

    private static String start(Api api, String body) {
        return api.post("/environments/shop-dev/runs", body).body().path("id").asText();
    }

    private static List<String> runs(Api api, String part) {
        JsonNode items = api.get("/inbox?part=" + part).body().path("items");
        return StreamSupport.stream(items.spliterator(), false)
                .map(run -> run.path("id").asText())
                .toList();
    }
}
