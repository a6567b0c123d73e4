package dev.slipway.tests.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.activities.store.ComponentStateStore;
import dev.slipway.activities.store.ComponentStateStore.ComponentState;
import dev.slipway.activities.store.ComponentStateStore.State;
import dev.slipway.activities.store.CredentialStore;
import dev.slipway.activities.store.CredentialStore.Bearer;
import dev.slipway.activities.store.EnvironmentStore;
import dev.slipway.activities.store.EnvironmentStore.StoredEnvironment;
import dev.slipway.activities.store.Ids;
import dev.slipway.activities.store.PersonStore;
import dev.slipway.activities.store.PersonStore.Kind;
import dev.slipway.activities.store.PersonStore.Person;
import dev.slipway.activities.store.PlanStore;
import dev.slipway.activities.store.ReleaseStore;
import dev.slipway.activities.store.ReleaseStore.Release;
import dev.slipway.activities.store.ReleaseStore.ReleaseImage;
import dev.slipway.activities.store.RunStore;
import dev.slipway.activities.store.RunStore.StoredRun;
import dev.slipway.tests.support.RunningSlipway;
import dev.slipway.web.access.Access;
import dev.slipway.web.access.Caller;
import dev.slipway.web.embedded.EmbeddedEngines;
import dev.slipway.workflows.people.Grant;
import dev.slipway.workflows.people.Permission;
import dev.slipway.workflows.people.Role;
import dev.slipway.workflows.people.Subject;
import dev.slipway.workflows.run.Operation;
import dev.slipway.workflows.run.Outcome;
import dev.slipway.workflows.run.Progress;
import dev.slipway.workflows.run.RunRequest;
import dev.slipway.workflows.run.RunState;
import dev.slipway.workflows.run.Trigger;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReadsBench {
    private static final int ENVIRONMENTS = 1_000;
    private static final int COMPONENTS = 10;
    private static final int RUNS = 3;
    private static final int RATE = 200;
    private static final int WARM_SECONDS = 10;
    private static final int SECONDS = 30;

    @TempDir
    private Path data;

    private record Sample(String kind, long micros, int status) {}

    @Test
    @DisplayName("reads: list, one, runs and run over the API at 200/s with 1,000 environments of 10 components")
    void reads() throws Exception {
        Bench bench =
                Bench.named("reads").aim("p99Ms", "<= 50").aim("refused", "0").aim("authorisationMs", "<= 1");
        try (RunningSlipway slipway = RunningSlipway.start(data)) {
            List<String> names = new ArrayList<>();
            List<String> runs = new ArrayList<>();
            fill(slipway, names, runs);
            String token = token(slipway, names);
            HttpClient client =
                    HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
            ask(slipway, token, client, names, runs, WARM_SECONDS);

            List<Sample> samples = ask(slipway, token, client, names, runs, SECONDS);

            Map<String, List<Long>> byKind = samples.stream()
                    .collect(Collectors.groupingBy(
                            Sample::kind, TreeMap::new, Collectors.mapping(Sample::micros, Collectors.toList())));
            bench.metric("perSecond", samples.size() / (double) SECONDS)
                    .metric(
                            "refused",
                            samples.stream()
                                    .filter(sample -> sample.status() != 200)
                                    .count());
            List<Long> all = samples.stream().map(Sample::micros).toList();
            bench.metric("p50Ms", percentile(all, 50)).metric("p99Ms", percentile(all, 99));
            byKind.forEach((kind, micros) -> bench.metric(kind + ".p50Ms", percentile(micros, 50))
                    .metric(kind + ".p99Ms", percentile(micros, 99)));
            bench.metric("authorisationMs", authorisation(slipway, token, names.get(7)));
            bench.report();
        }
    }

    /** Of somebody who is a viewer everywhere and a developer of five environments. */
    private static String token(RunningSlipway slipway, List<String> names) {
        List<Grant> grants = new ArrayList<>(List.of(Grant.everywhere(Role.VIEWER)));
        for (String name : names.subList(0, 5)) {
            StoredEnvironment environment =
                    slipway.get(EnvironmentStore.class).byName(name).orElseThrow();
            grants.add(Grant.environment(Role.DEVELOPER, environment.applicationId(), environment.id()));
        }
        Person reader = slipway.get(PersonStore.class).add("reader", Kind.SERVICE, grants, "bench");
        return slipway.get(CredentialStore.class)
                .issue(reader.id(), "bench", EnumSet.allOf(Permission.class), null, "bench")
                .text()
                .reveal();
    }

    /** What a request pays for knowing whose token it is and what they may: mean of a thousand, in milliseconds. */
    private static double authorisation(RunningSlipway slipway, String token, String name) {
        CredentialStore credentials = slipway.get(CredentialStore.class);
        Access access = slipway.get(Access.class);
        StoredEnvironment environment =
                slipway.get(EnvironmentStore.class).byName(name).orElseThrow();
        Subject subject = Subject.environment(environment.applicationId(), environment.id());
        long begin = System.nanoTime();
        for (int i = 0; i < 1_000; i++) {
            Bearer bearer = credentials.token(token).orElseThrow();
            access.require(
                    new Caller(
                            bearer.personId(),
                            bearer.name(),
                            Trigger.API,
                            bearer.grants(),
                            bearer.scopes(),
                            bearer.credentialId(),
                            ""),
                    Permission.VIEW,
                    subject);
        }
        return (System.nanoTime() - begin) / 1_000.0 / 1_000_000.0;
    }

    /** Each request has its moment, whether the ones before were answered or not; its time counts from then. */
    private static List<Sample> ask(
            RunningSlipway slipway, String token, HttpClient client, List<String> names, List<String> runs, int seconds)
            throws InterruptedException {
        List<CompletableFuture<Sample>> sent = new ArrayList<>();
        long begin = System.nanoTime();
        for (int i = 0; i < RATE * seconds; i++) {
            long due = begin + i * 1_000_000_000L / RATE;
            long wait = due - System.nanoTime();
            if (wait > 0) {
                TimeUnit.NANOSECONDS.sleep(wait);
            }
            String name = names.get((i * 37) % names.size());
            String run = runs.get((i * 37) % runs.size());
            String kind = switch (i % 4) {
                case 0 -> "list";
                case 1 -> "one";
                case 2 -> "runs";
                default -> "run";
            };
            String path = switch (kind) {
                case "list" -> "/environments?limit=20&after=" + name;
                case "one" -> "/environments/" + name;
                case "runs" -> "/runs?limit=20&environment=" + name;
                default -> "/runs/" + run;
            };
            HttpRequest request = HttpRequest.newBuilder(URI.create(slipway.url() + "/api/v1" + path))
                    .header("Authorization", "Bearer " + token)
                    .build();
            sent.add(client.sendAsync(request, BodyHandlers.discarding())
                    .thenApply(HttpResponse::statusCode)
                    .thenApply(status -> new Sample(kind, (System.nanoTime() - due) / 1_000, status)));
        }
        return sent.stream().map(CompletableFuture::join).toList();
    }

    private static double percentile(List<Long> micros, int percent) {
        List<Long> sorted = micros.stream().sorted().toList();
        return sorted.get(Math.min(sorted.size() - 1, sorted.size() * percent / 100)) / 1_000.0;
    }

    private static void fill(RunningSlipway slipway, List<String> names, List<String> runs) {
        String image = "registry.example/c@sha256:" + "0".repeat(64);
        String document = """
                apiVersion: slipway.dev/v1
                kind: Application
                metadata: {name: bench}
                spec:
                  components:
                %s
                """.formatted(IntStream.range(0, COMPONENTS)
                .mapToObj(i -> "    - {name: c" + i + ", source: {image: \"" + image + "\"}}")
                .collect(Collectors.joining("\n")));
        StoredEnvironment first = slipway.environment(document, "e0000");
        for (int i = 0; i < ENVIRONMENTS; i++) {
            String name = "e%04d".formatted(i);
            StoredEnvironment environment = i == 0
                    ? first
                    : slipway.get(EnvironmentStore.class)
                            .create(name, first.applicationId(), EmbeddedEngines.SIMULATED_CLUSTER, name, "");
            names.add(name);
            for (int r = 0; r < RUNS; r++) {
                StoredRun run = slipway.get(RunStore.class)
                        .accept(new RunRequest(
                                Operation.DEPLOY, environment.id(), Trigger.API, "bench", null, Ids.next()));
                slipway.get(RunStore.class)
                        .finish(
                                run.id(),
                                Outcome.SUCCEEDED,
                                new Progress(run.id(), 1, RunState.FINISHED, Outcome.SUCCEEDED, List.of(), List.of()));
                runs.add(run.id());
                slipway.get(PlanStore.class).pinsOnce(run.id(), () -> new PlanStore.Pins(document, Map.of(), Map.of()));
                ReleaseStore releases = slipway.get(ReleaseStore.class);
                Release release = releases.open(environment.id(), run.id(), document);
                for (int c = 0; c < COMPONENTS; c++) {
                    releases.image(release, new ReleaseImage("c" + c, image, null));
                }
                releases.close(run.id(), ReleaseStore.State.DEPLOYED);
            }
            for (int c = 0; c < COMPONENTS; c++) {
                slipway.get(ComponentStateStore.class)
                        .put(new ComponentState(
                                environment.id(),
                                "c" + c,
                                "service",
                                State.HEALTHY,
                                "",
                                1,
                                1,
                                image,
                                Instant.now(),
                                0,
                                null));
            }
        }
        assertThat(names).hasSize(ENVIRONMENTS);
    }
}
