package dev.slipway.tests.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.activities.store.EnvironmentStore.StoredEnvironment;
import dev.slipway.activities.store.RunStore.StoredRun;
import dev.slipway.tests.support.EveryKind;
import dev.slipway.tests.support.RoleFile;
import dev.slipway.tests.support.RunningSlipway;
import dev.slipway.web.embedded.EmbeddedEngines;
import dev.slipway.workflows.run.Operation;
import dev.slipway.workflows.run.Outcome;
import dev.slipway.workflows.run.Scope;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("the role that people grant to Slipway")
class RoleTest {
    private static final String IMAGE = "registry.example/any@sha256:" + "0".repeat(64);

    @TempDir
    static Path data;

    private static RunningSlipway slipway;

    @BeforeAll
    static void start() {
        slipway = RunningSlipway.start(data);
    }

    @AfterAll
    static void stop() {
        slipway.close();
    }

    @Test
    @DisplayName("grants what the operations use, right for right, and nothing else")
    void isExact() throws Exception {
        StoredEnvironment environment = slipway.environment(EveryKind.document("all", IMAGE, "one"), "all");
        succeeds(slipway.deploy(environment));
        slipway.change("all", EveryKind.document("all", IMAGE, "two"));
        succeeds(slipway.deploy(environment));
        succeeds(slipway.run(environment, new Scope(Operation.RESTART, List.of(), false, Map.of())));
        succeeds(slipway.run(environment, new Scope(Operation.SCALE, List.of(), false, Map.of("web", 3))));
        log("web", "");
        log("web", "?previous=true");
        follow("web");

        slipway.change(
                "all",
                EveryKind.document("all", IMAGE, "three")
                        .replaceAll("\\{WORD:", "{SIMULATION_FAIL: \"Exit:3\", WORD:"));
        assertThat(slipway.deploy(environment).outcome()).isEqualTo(Outcome.FAILED);
        slipway.change("all", EveryKind.document("all", IMAGE, "four"));
        succeeds(slipway.deploy(environment));
        slipway.change("all", only("web"));
        succeeds(slipway.deploy(environment));
        succeeds(slipway.run(environment, Scope.destroy(true)));
        assertThat(api("/api/v1/clusters").statusCode()).isEqualTo(200);

        Set<String> used = new TreeSet<>();
        slipway.get(EmbeddedEngines.class).cluster().rightsUsed().values().forEach(used::addAll);
        // A broken pod that is in the way of its own StatefulSet is replaced by itself here, as by recent servers.
        used.add("delete pods");
        // Where Dockerfiles are built: not here, DockerfileIT does it with these rights.
        used.addAll(List.of("get networkpolicies.networking.k8s.io", "create networkpolicies.networking.k8s.io"));
        assertThat(used).isEqualTo(RoleFile.rights());
    }

    private static String only(String component) {
        String document = EveryKind.document("all", IMAGE, "five");
        int begin = document.indexOf("    - name: " + component);
        return document.substring(0, begin)
                + document.substring(begin, document.indexOf("    - name: ", begin + 1))
                        .replaceAll("(?m)^ +(dependsOn|ports|replicas|files): .*\n", "")
                        .replace(", PASSWORD: \"${param.password}\"", "");
    }

    private static void succeeds(StoredRun run) {
        assertThat(run.outcome()).as("%s", run.progress()).isEqualTo(Outcome.SUCCEEDED);
    }

    private static void log(String component, String query) throws Exception {
        assertThat(api("/api/v1/environments/all/components/" + component + "/log" + query)
                        .statusCode())
                .isIn(200, 404);
    }

    private static void follow(String component) throws Exception {
        String path = "/api/v1/environments/all/components/" + component + "/log?follow=true";
        try (InputStream lines = HttpClient.newHttpClient()
                .send(request(path), HttpResponse.BodyHandlers.ofInputStream())
                .body()) {
            assertThat(lines.read()).isPositive();
        }
    }

    private static HttpResponse<String> api(String path) throws Exception {
        return HttpClient.newHttpClient().send(request(path), HttpResponse.BodyHandlers.ofString());
    }

    private static HttpRequest request(String path) {
        return HttpRequest.newBuilder(URI.create(slipway.url() + path))
                .header("Authorization", "Bearer " + slipway.token())
                .build();
    }
}
