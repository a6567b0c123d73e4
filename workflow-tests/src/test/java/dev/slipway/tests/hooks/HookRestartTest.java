package dev.slipway.tests.hooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.activities.store.ApplicationStore.GitOrigin;
import dev.slipway.activities.store.EnvironmentStore.StoredEnvironment;
import dev.slipway.activities.store.RunStore;
import dev.slipway.activities.store.RunStore.StoredRun;
import dev.slipway.tests.support.HookClient;
import dev.slipway.tests.support.HookClient.Answer;
import dev.slipway.tests.support.HookClient.Hook;
import dev.slipway.tests.support.RunningSlipway;
import dev.slipway.tests.support.TestRepository;
import dev.slipway.web.embedded.EmbeddedEngines;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HookRestartTest {
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final String DOCUMENT = """
            apiVersion: slipway.dev/v1
            kind: Application
            metadata: {name: shop}
            spec:
              components:
                - {name: web, kind: service, source: {image: "registry.example/any@sha256:%s"}}
            """.formatted("0".repeat(64));

    @Test
    @DisplayName("a push that waits for others when Slipway ends starts its run after the next start, once")
    void survivesARestart(@TempDir Path data) {
        Path own = data.resolve("slipway");
        String environment;
        String delivery;
        try (TestRepository repository = TestRepository.create(data.resolve("shop"))) {
            repository.write("slipway.yaml", DOCUMENT).commit("Open");
            try (RunningSlipway slipway = start(own, data)) {
                HookClient client = new HookClient(slipway);
                StoredEnvironment made = slipway.environment(
                        DOCUMENT,
                        new GitOrigin(repository.url(), "main", "slipway.yaml"),
                        "shop",
                        EmbeddedEngines.SIMULATED_CLUSTER);
                environment = made.id();
                Hook hook = client.hook("shop", "github", repository.url());
                client.call("POST", "/api/v1/environments/shop/push-rules", "{\"debounceSeconds\": 5}");
                Answer answer = client.github(hook, "one", "push", push(repository.url()));
                assertThat(answer.status()).as(answer.raw().body()).isEqualTo(202);
                delivery = answer.id();
                assertThat(slipway.get(RunStore.class).newest(environment)).isEmpty();
            }
            try (RunningSlipway slipway = start(own, data)) {
                RunStore runs = slipway.get(RunStore.class);
                StoredRun run = await().atMost(LIMIT)
                        .until(() -> runs.newest(environment), java.util.Optional::isPresent)
                        .orElseThrow();
                assertThat(slipway.finished(run.id(), LIMIT).outcome()).isNotNull();
                assertThat(runs.list(environment, null, null, Long.MAX_VALUE, 10))
                        .hasSize(1);
                assertThat(new HookClient(slipway)
                                .call("GET", "/api/v1/deliveries/" + delivery, null)
                                .body()
                                .path("results")
                                .findValuesAsText("run"))
                        .isEqualTo(List.of(run.id()));
            }
        }
    }

    private static RunningSlipway start(Path own, Path data) {
        return RunningSlipway.start(own, "slipway.git.local-folders=" + data);
    }

    private static String push(String url) {
        return """
                {"ref": "refs/heads/main", "before": "%s", "after": "%s",
                 "commits": [{"id": "%s", "message": "Change", "added": [], "modified": ["a"], "removed": []}],
                 "repository": {"clone_url": "%s", "default_branch": "main"}, "pusher": {"name": "ann"}}""".formatted("1".repeat(40), "2".repeat(40), "2".repeat(40), url);
    }
}
