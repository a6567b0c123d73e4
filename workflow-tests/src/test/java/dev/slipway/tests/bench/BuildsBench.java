package dev.slipway.tests.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.activities.store.EnvironmentStore.StoredEnvironment;
import dev.slipway.activities.store.RunStore;
import dev.slipway.activities.store.RunStore.StoredRun;
import dev.slipway.activities.store.StepLog;
import dev.slipway.tests.support.BuildSite;
import dev.slipway.web.runs.Runs;
import dev.slipway.workflows.run.Outcome;
import dev.slipway.workflows.run.RunState;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Builds of Dockerfiles on a real cluster. */
class BuildsBench {
    private static final int BUILDS = 10;
    private static final int AT_ONCE = 4;
    private static final Duration LONGEST = Duration.ofMinutes(5);

    @TempDir
    private Path data;

    @Test
    @DisplayName("builds: ten at once, four places; when each was let go, had its first line and ended")
    void builds() throws Exception {
        Bench bench = Bench.named("builds")
                .aim("ended", Integer.toString(BUILDS))
                .aim("mostAtOnce", "<= " + AT_ONCE)
                .aim("overtaken", "0")
                .aim("firstLineSeconds.p50", "<= 2")
                .aim("firstLineSeconds.max", "<= 2")
                .aim("cancelSeconds", "<= 5");
        try (BuildSite site = new BuildSite(data, "slipway.builds.at-once=" + AT_ONCE)) {
            StoredEnvironment environment = site.environmentOf(document(site));
            Seen seen = new Seen();
            long begun = System.nanoTime();
            StoredRun run = site.slipway().start(environment);
            RunStore runs = site.slipway().get(RunStore.class);
            while (runs.byId(run.id()).state() != RunState.FINISHED && System.nanoTime() - begun < LONGEST.toNanos()) {
                seen.look(site, run);
                Thread.sleep(50);
            }
            StoredRun end = runs.byId(run.id());
            assertThat(end.outcome()).as("%s", end.progress()).isEqualTo(Outcome.SUCCEEDED);
            site.nothingIsLeft(end);
            seen.report(bench);
            bench.metric(
                    "runSeconds",
                    Duration.between(end.acceptedAt(), end.endedAt()).toMillis() / 1000.0);
            bench.metric("cancelSeconds", cancel(site, environment));
        }
        bench.report();
    }

    /** From the click until there is no Job. */
    private static double cancel(BuildSite site, StoredEnvironment environment) throws InterruptedException {
        site.source()
                .write("c0/Dockerfile", "FROM " + BuildSite.base() + "\nRUN echo here I am && sleep 600\n")
                .commit("Takes for ever");
        StoredRun run = site.slipway().start(environment);
        while (!site.log(run).contains("here I am")) {
            Thread.sleep(50);
        }
        long asked = System.nanoTime();
        site.slipway().get(Runs.class).cancel(run.id());
        while (!site.jobs().isEmpty()) {
            Thread.sleep(20);
        }
        double seconds = (System.nanoTime() - asked) / 1e9;
        site.nothingIsLeft(site.finished(run));
        return seconds;
    }

    /** Each has files and an instruction of its own, so that none is another's. */
    private static String document(BuildSite site) {
        StringBuilder document = new StringBuilder("""
                apiVersion: slipway.dev/v1
                kind: Application
                metadata: {name: %s}
                spec:
                  components:
                """.formatted(site.name()));
        for (int i = 0; i < BUILDS; i++) {
            document.append("""
                        - name: c%1$d
                          source: {git: ., path: c%1$d, build: {builder: dockerfile}}
                          security: {runAsUser: 1000}
                    """.formatted(i));
            site.source()
                    .write(
                            "c" + i + "/Dockerfile",
                            "FROM " + BuildSite.base() + "\nRUN echo here is " + i
                                    + " && sleep 4\nUSER 1000\nCMD [\"sleep\", \"100000\"]\n");
        }
        return document.toString();
    }

    /** When what was first seen, by one clock: this machine's, which the node has too. */
    private static final class Seen {
        private final Map<String, Instant> created = new HashMap<>();
        private final Map<String, Instant> running = new HashMap<>();
        private final Map<String, Instant> ended = new HashMap<>();
        private final Map<String, Instant> spoke = new HashMap<>();
        private final List<String> order = new ArrayList<>();
        private int most;
        private int overtaken;

        void look(BuildSite site, StoredRun run) {
            List<Job> jobs = site.jobs();
            for (Job job : jobs) {
                created.putIfAbsent(
                        job.getMetadata().getName(),
                        Instant.parse(job.getMetadata().getCreationTimestamp()));
                String name = job.getMetadata().getName();
                if (!suspended(job) && !order.contains(name)) {
                    order.add(name);
                    overtaken += jobs.stream().anyMatch(other -> waitsLonger(other, job)) ? 1 : 0;
                }
            }
            int going = 0;
            for (Pod pod :
                    site.cluster().pods().inNamespace(site.builds()).list().getItems()) {
                String name = pod.getMetadata().getLabels().get("batch.kubernetes.io/job-name");
                for (var status : pod.getStatus().getContainerStatuses()) {
                    if (status.getState().getRunning() != null) {
                        going++;
                        running.putIfAbsent(name, Instant.now());
                    } else if (status.getState().getTerminated() != null) {
                        ended.putIfAbsent(name, Instant.now());
                    }
                }
            }
            most = Math.max(most, going);
            Map<String, String> steps = new HashMap<>();
            Set<String> speak = new HashSet<>();
            for (StepLog.Line line : site.slipway().get(StepLog.class).read(run.id(), "", 0, 10_000)) {
                int at = line.text().indexOf("/build-");
                if (line.text().startsWith("building by ") && at >= 0) {
                    steps.put(line.stepId(), line.text().substring(at + 1));
                } else if (line.text().contains("Retrieving image")) {
                    speak.add(line.stepId());
                }
            }
            speak.stream()
                    .map(steps::get)
                    .filter(job -> job != null)
                    .forEach(job -> spoke.putIfAbsent(job, Instant.now()));
        }

        private static boolean suspended(Job job) {
            return Boolean.TRUE.equals(job.getSpec().getSuspend());
        }

        /** Could begin, was made before the other, and has not begun. */
        private static boolean waitsLonger(Job one, Job other) {
            return suspended(one)
                    && one.getMetadata().getAnnotations().containsKey("slipway.dev/ready")
                    && one.getMetadata()
                                    .getCreationTimestamp()
                                    .compareTo(other.getMetadata().getCreationTimestamp())
                            < 0;
        }

        void report(Bench bench) {
            List<Double> first = spoke.entrySet().stream()
                    .filter(entry -> running.containsKey(entry.getKey()))
                    .map(entry -> seconds(running.get(entry.getKey()), entry.getValue()))
                    .map(late -> Math.max(0, late))
                    .sorted()
                    .toList();
            Instant begin = created.values().stream().min(Instant::compareTo).orElseThrow();
            bench.metric("ended", ended.size())
                    .metric("mostAtOnce", most)
                    .metric("overtaken", overtaken)
                    .metric("measured", first.size())
                    .metric("firstLineSeconds.p50", first.get(first.size() / 2))
                    .metric("firstLineSeconds.max", first.get(first.size() - 1));
            for (int i = 0; i < order.size(); i++) {
                bench.metric("endedAfterSeconds." + (i + 1), seconds(begin, ended.getOrDefault(order.get(i), begin)));
            }
        }

        private static double seconds(Instant from, Instant to) {
            return Duration.between(from, to).toMillis() / 1000.0;
        }
    }
}
