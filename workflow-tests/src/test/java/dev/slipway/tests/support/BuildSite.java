package dev.slipway.tests.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.activities.image.Registries;
import dev.slipway.activities.registry.RegistryClient;
import dev.slipway.activities.store.ApplicationStore.GitOrigin;
import dev.slipway.activities.store.EnvironmentStore.StoredEnvironment;
import dev.slipway.activities.store.Ids;
import dev.slipway.activities.store.RunStore.StoredRun;
import dev.slipway.activities.store.StepLog;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.run.StepView;
import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A Slipway that builds Dockerfiles on the real cluster, in a namespace of its own, and a repository to build from. */
public final class BuildSite implements AutoCloseable {
    private static final Duration LONG = Duration.ofMinutes(3);

    private final String name = "docker-" + Ids.next().substring(9);
    private final KubernetesClient cluster = RealCluster.admin();
    private final TestRepository source;
    private final RunningSlipway slipway;

    /** @param settings put over those of tests */
    public BuildSite(Path data, String... settings) {
        source = TestRepository.create(data.resolve("source"));
        slipway = RealCluster.running(
                data.resolve("slipway"),
                Stream.concat(
                                Stream.of(
                                        "slipway.git.local-folders=" + data,
                                        "slipway.builds.image=" + Engines.ownImage("SLIPWAY_IT_KANIKO_IMAGE"),
                                        "slipway.builds.flavour=google",
                                        "slipway.builds.namespace=" + builds(),
                                        "slipway.builds.memory=512Mi"),
                                Arrays.stream(settings))
                        .toArray(String[]::new));
    }

    /** Of the application, its environment and that one's namespace. */
    public String name() {
        return name;
    }

    /** The namespace that builds run in. */
    public String builds() {
        return name + "-builds";
    }

    public KubernetesClient cluster() {
        return cluster;
    }

    public TestRepository source() {
        return source;
    }

    public RunningSlipway slipway() {
        return slipway;
    }

    /** @param build as in the document: {@code {args: {…}}}. @param components none: one, {@code web} */
    public StoredEnvironment environment(String build, String... components) {
        StringBuilder document = new StringBuilder("""
                apiVersion: slipway.dev/v1
                kind: Application
                metadata: {name: %s}
                spec:
                  components:
                """.formatted(name));
        for (String component : components.length == 0 ? new String[] {"web"} : components) {
            document.append("""
                        - name: %s
                          source: {git: ., build: %s}
                          security: {runAsUser: 1000}
                    """.formatted(component, build));
        }
        return environmentOf(document.toString());
    }

    /** Of a document of its own, which goes into the repository with all that was written there. */
    public StoredEnvironment environmentOf(String document) {
        source.write("slipway.yaml", document).commit("A document");
        return slipway.environment(document, new GitOrigin(source.url(), "main", "slipway.yaml"), name, "real");
    }

    public StoredRun finished(StoredEnvironment environment) {
        return finished(slipway.start(environment));
    }

    public StoredRun finished(StoredRun run) {
        return slipway.finished(run.id(), LONG);
    }

    public List<String> log(StoredRun run) {
        return slipway.get(StepLog.class).read(run.id(), "", 0, 10_000).stream()
                .map(StepLog.Line::text)
                .toList();
    }

    public List<Problem> problems(StoredRun run) {
        return Stream.concat(
                        run.progress().problems().stream(),
                        run.progress().steps().stream().map(StepView::problem).filter(Objects::nonNull))
                .toList();
    }

    public List<Job> jobs() {
        return cluster.batch().v1().jobs().inNamespace(builds()).list().getItems();
    }

    /** Takes the only place of {@code slipway.builds.at-once=1}, so that builds wait, until what it gives is closed. */
    public Hold hold() {
        cluster.resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(builds())
                        .endMetadata()
                        .build())
                .create();
        Job job = new JobBuilder()
                .withNewMetadata()
                .withName("hold")
                .withNamespace(builds())
                .addToLabels("app.kubernetes.io/managed-by", "slipway")
                .endMetadata()
                .withNewSpec()
                .withNewTemplate()
                .withNewSpec()
                .withRestartPolicy("Never")
                .withTerminationGracePeriodSeconds(0L)
                .addNewContainer()
                .withName("hold")
                .withImage(Engines.variable("SLIPWAY_IT_BASE_IMAGE"))
                .withCommand("sleep", "1000")
                .endContainer()
                .endSpec()
                .endTemplate()
                .endSpec()
                .build();
        cluster.resource(job).create();
        return () -> cluster.resource(job)
                .withPropagationPolicy(DeletionPropagation.BACKGROUND)
                .delete();
    }

    /** A place that is taken. */
    public interface Hold extends AutoCloseable {
        @Override
        void close();
    }

    /** Nothing of a run's builds stays but images and caches: no Job, pod, Secret, and no image with a context. */
    public void nothingIsLeft(StoredRun run) {
        nothingIsLeft(cluster, slipway.get(Registries.class).own(), name, builds(), log(run));
    }

    /** As {@link #nothingIsLeft(StoredRun)}, for a Slipway elsewhere. @param log of the run */
    public static void nothingIsLeft(
            KubernetesClient cluster, RegistryClient registry, String application, String builds, List<String> log) {
        List<String> contexts = log.stream()
                .filter(line -> line.matches("pushed sha256:[0-9a-f]{64}"))
                .map(line -> line.substring("pushed ".length()))
                .toList();
        assertThat(contexts).isNotEmpty();
        await().atMost(20, TimeUnit.SECONDS).untilAsserted(() -> {
            assertThat(cluster.batch().v1().jobs().inNamespace(builds).list().getItems())
                    .isEmpty();
            assertThat(cluster.pods().inNamespace(builds).list().getItems()).isEmpty();
            assertThat(cluster.secrets().inNamespace(builds).list().getItems()).isEmpty();
            assertThat(contexts)
                    .noneMatch(digest -> registry.exists("builds/" + application + "/web", digest)
                            || registry.exists("builds/" + application + "/worker", digest));
        });
    }

    /** The lab's small base image, by the name of Slipway's own registry. */
    public static String base() {
        return Engines.ownImage("SLIPWAY_IT_BASE_IMAGE");
    }

    @Override
    public void close() {
        slipway.close();
        source.close();
        cluster.namespaces().withName(name).delete();
        cluster.namespaces().withName(builds()).delete();
        cluster.close();
    }
}
