package dev.slipway.tests.hooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.activities.store.ApplicationStore.GitOrigin;
import dev.slipway.activities.store.EnvironmentStore.StoredEnvironment;
import dev.slipway.activities.store.RunStore;
import dev.slipway.activities.store.RunStore.StoredRun;
import dev.slipway.tests.support.HookClient;
import dev.slipway.tests.support.HookClient.Answer;
import dev.slipway.tests.support.HookClient.Hook;
import dev.slipway.tests.support.RunningSlipway;
import dev.slipway.web.embedded.EmbeddedEngines;
import dev.slipway.workflows.run.Outcome;
import dev.slipway.workflows.run.RunState;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Needs git, curl and openssl: a bare repository whose post-receive hook calls Slipway as the providers document it. */
class PushIT {
    private static final Duration LIMIT = Duration.ofSeconds(120);

    @TempDir
    static Path data;

    private static RunningSlipway slipway;
    private static HookClient client;

    @BeforeAll
    static void start() {
        slipway = RunningSlipway.start(data.resolve("slipway"), "slipway.git.local-folders=" + data);
        client = new HookClient(slipway);
    }

    @AfterAll
    static void stop() {
        slipway.close();
    }

    /** A bare repository, a clone of it, an environment that is made from it, and a hook between the two. */
    private record Site(Path bare, Path work, StoredEnvironment environment, Hook hook) {
        /** Commits a file and pushes; the delivery that the provider was answered with. */
        String push(String branch, String file, String content, String message) throws Exception {
            Files.createDirectories(work.resolve(file).getParent());
            Files.writeString(work.resolve(file), content);
            git(work, "add", ".");
            git(work, "commit", "-q", "-m", message);
            git(work, "push", "-q", "origin", "HEAD:" + branch);
            return answered(head());
        }

        String answered(String commit) throws IOException {
            JsonNode answer = HookClient.JSON.readTree(
                    Files.readString(bare.resolve("answers").resolve(commit)));
            assertThat(answer.path("id").asText()).as("%s", answer).isNotEmpty();
            return answer.path("id").asText();
        }

        private String head() throws Exception {
            return git(work, "rev-parse", "HEAD").strip();
        }

        JsonNode result(String delivery, String state) {
            return await().atMost(LIMIT)
                    .pollInterval(Duration.ofMillis(50))
                    .until(
                            () -> client.call("GET", "/api/v1/deliveries/" + delivery, null)
                                    .body()
                                    .path("results")
                                    .path(0),
                            result -> result.path("state").asText().equals(state));
        }

        StoredRun run(String delivery) {
            return slipway.finished(result(delivery, "started").path("run").asText(), LIMIT);
        }

        List<StoredRun> runs() {
            return slipway.get(RunStore.class).list(environment.id(), null, null, Long.MAX_VALUE, 50);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"github", "gitlab", "gitea", "forgejo", "gitee"})
    @DisplayName("git push: the provider calls, and what was pushed runs")
    void deploys(String provider) throws Exception {
        Site site = site(provider, provider, "50ms", "{\"paths\": [\"slipway.yaml\"]}");

        StoredRun first = site.run(site.push("main", "slipway.yaml", document(provider, "50ms", "one"), "One"));
        StoredRun second = site.run(site.push("main", "slipway.yaml", document(provider, "50ms", "two"), "Two"));

        assertThat(first.outcome()).as("%s", first.progress()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(second.outcome()).as("%s", second.progress()).isEqualTo(Outcome.SUCCEEDED);
        try (KubernetesClient cluster = slipway.simulatedCluster()) {
            assertThat(cluster.apps()
                            .deployments()
                            .inNamespace(provider)
                            .withName("slow")
                            .get()
                            .toString())
                    .contains("two");
        }
        JsonNode skipped = site.result(site.push("main", "docs/a.md", "x", "Docs"), "skipped");
        assertThat(skipped.path("reason").path("code").asText()).isEqualTo("paths");
        assertThat(site.runs()).hasSize(2);
    }

    @Test
    @DisplayName("a newer push takes the place of one that waits in the lane; the one that runs goes on")
    void replaces() throws Exception {
        Site site = site("replaced", "github", "15s", "{}");
        String first = site.push("main", "slipway.yaml", document("replaced", "15s", "one"), "One");
        String running = site.result(first, "started").path("run").asText();
        await().atMost(LIMIT)
                .until(() -> slipway.get(RunStore.class).byId(running).state() == RunState.RUNNING);
        String second = site.push("main", "slipway.yaml", document("replaced", "50ms", "two"), "Two");
        String waiting = site.result(second, "started").path("run").asText();

        String third = site.push("main", "slipway.yaml", document("replaced", "50ms", "three"), "Three");

        assertThat(slipway.finished(waiting, LIMIT).outcome()).isEqualTo(Outcome.SUPERSEDED);
        assertThat(slipway.get(RunStore.class).byId(waiting).startedAt()).isNull();
        assertThat(slipway.finished(running, LIMIT).outcome()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(site.run(third).outcome()).isEqualTo(Outcome.SUCCEEDED);
    }

    @Test
    @DisplayName("[skip deploy], another branch, a tag and a deleted branch start nothing, and say so")
    void startsNothing() throws Exception {
        Site site = site("nothing", "gitea", "50ms", "{}");

        assertThat(reason(site, site.push("main", "a", "1", "Later [skip deploy]")))
                .isEqualTo("skip");
        assertThat(reason(site, site.push("feature/x", "a", "2", "Other"))).isEqualTo("follows");
        git(site.work(), "tag", "v1");
        git(site.work(), "push", "-q", "origin", "v1");
        assertThat(reason(site, site.answered(site.head()))).isEqualTo("no-tags");
        git(site.work(), "push", "-q", "origin", ":feature/x");
        JsonNode deleted = client.call("GET", "/api/v1/deliveries/" + site.answered("0".repeat(40)), null)
                .body();
        assertThat(deleted.path("reason").path("code").asText()).isEqualTo("deleted");
        assertThat(site.runs()).isEmpty();
    }

    private static String reason(Site site, String delivery) {
        return site.result(delivery, "skipped").path("reason").path("code").asText();
    }

    private static Site site(String name, String provider, String readyAfter, String rule) throws Exception {
        Path bare = data.resolve("repositories/" + name + ".git");
        Path work = data.resolve("clones/" + name);
        Files.createDirectories(bare);
        Files.createDirectories(work);
        git(bare, "init", "-q", "--bare", "--initial-branch=main");
        git(work, "init", "-q", "--initial-branch=main");
        git(work, "remote", "add", "origin", bare.toString());
        Files.writeString(work.resolve("slipway.yaml"), document(name, readyAfter, "zero"));
        git(work, "add", ".");
        git(work, "commit", "-q", "-m", "Begin");
        git(work, "push", "-q", "origin", "main");
        String address = bare.toUri().toString().replaceAll("/$", "");
        StoredEnvironment environment = slipway.environment(
                document(name, readyAfter, "zero"),
                new GitOrigin(address, "main", "slipway.yaml"),
                name,
                EmbeddedEngines.SIMULATED_CLUSTER);
        Hook hook = client.hook(name, provider, address);
        Answer added = client.call("POST", "/api/v1/environments/" + name + "/push-rules", rule);
        assertThat(added.status()).as(added.raw().body()).isEqualTo(201);
        Files.writeString(
                bare.resolve("slipway.env"),
                "TARGET='%s'\nSECRET='%s'\nPROVIDER='%s'\nADDRESS='%s'\n"
                        .formatted(slipway.url() + hook.path(), hook.secret(), provider, address));
        Path script = bare.resolve("hooks/post-receive");
        Files.createDirectories(script.getParent());
        try (InputStream text = Objects.requireNonNull(PushIT.class.getResourceAsStream("/hooks/post-receive"))) {
            Files.copy(text, script);
        }
        assertThat(script.toFile().setExecutable(true)).isTrue();
        return new Site(bare, work, environment, hook);
    }

    private static String git(Path folder, String... arguments) throws Exception {
        List<String> command =
                new ArrayList<>(List.of("git", "-c", "user.name=ann", "-c", "user.email=ann@slipway.invalid"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).as(said).isZero();
        return said;
    }

    private static String document(String name, String readyAfter, String mark) {
        return """
                apiVersion: slipway.dev/v1
                kind: Application
                metadata: {name: %s}
                spec:
                  components:
                    - name: slow
                      kind: service
                      source: {image: "registry.example/any@sha256:%s"}
                      env: {SIMULATION_READY_AFTER: %s, MARK: %s}
                      ports: [{name: http, port: 8080}]
                      probes: {readiness: {tcp: http, period: 1}}
                """.formatted(name, "0".repeat(64), readyAfter, mark);
    }
}
