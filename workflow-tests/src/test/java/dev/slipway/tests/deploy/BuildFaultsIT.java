package dev.slipway.tests.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.activities.image.Registries;
import dev.slipway.activities.store.EnvironmentStore.StoredEnvironment;
import dev.slipway.activities.store.RunStore.StoredRun;
import dev.slipway.tests.support.BuildSite;
import dev.slipway.workflows.application.ImageReference;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.run.Outcome;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What may happen to a build on a real cluster: each has its own problem, leaves nothing, and the next try works. */
class BuildFaultsIT {
    private static final Duration LONG = Duration.ofMinutes(2);
    private static final String GOOD = "\nUSER 1000\nCMD [\"sleep\", \"100000\"]\n";

    @TempDir
    private Path data;

    private BuildSite site;

    @AfterEach
    void tidy() {
        site.close();
    }

    @Test
    @DisplayName("a Dockerfile that is missing, and one that the builder cannot read")
    void dockerfile() {
        site = new BuildSite(data);
        StoredEnvironment environment = site.environment("{builder: dockerfile}");
        StoredRun missing = site.finished(environment);
        assertThat(missing.outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(site.problems(missing)).extracting(Problem::code).containsExactly(ProblemCode.GIT_PATH_MISSING);

        fails(environment, "RUNN true\n", ProblemCode.BUILD_DOCKERFILE, "RUNN");
        succeeds(environment);
    }

    @Test
    @DisplayName("no end in time")
    void deadline() {
        site = new BuildSite(data, "slipway.builds.deadline=60s");
        StoredEnvironment environment = site.environment("{builder: dockerfile}");
        fails(environment, "RUN sleep 600\n", ProblemCode.BUILD_TIMEOUT, "RUN sleep 600");
        succeeds(environment);
    }

    @Test
    @DisplayName("more disk than its share: the node evicts its pod")
    void evicted() {
        site = new BuildSite(data, "slipway.builds.storage=1Gi");
        StoredEnvironment environment = site.environment("{builder: dockerfile}");
        fails(
                environment,
                "RUN dd if=/dev/zero of=/big bs=1M count=1200 && sleep 120\n",
                ProblemCode.BUILD_NO_SPACE,
                "phemeral");
        succeeds(environment);
    }

    @Test
    @DisplayName("no node takes its pod")
    void unschedulable() {
        site = new BuildSite(data, "slipway.builds.at-once=1");
        StoredEnvironment environment = site.environment("{builder: dockerfile}");
        StoredRun run;
        try (BuildSite.Hold hold = site.hold()) {
            run = waiting(environment);
            // As long as it waits, Kubernetes lets it be sent elsewhere.
            site.cluster()
                    .resource(job())
                    .edit(job -> new JobBuilder(job)
                            .editSpec()
                            .editTemplate()
                            .editSpec()
                            .addToNodeSelector("no-such", "node")
                            .endSpec()
                            .endTemplate()
                            .endSpec()
                            .build());
        }
        failed(run, ProblemCode.POD_UNSCHEDULABLE, "0/");
        succeeds(environment);
    }

    @Test
    @DisplayName("the image that brings the context cannot be pulled")
    void notPulled() {
        site = new BuildSite(data, "slipway.builds.at-once=1");
        StoredEnvironment environment = site.environment("{builder: dockerfile}");
        StoredRun run;
        try (BuildSite.Hold hold = site.hold()) {
            run = waiting(environment);
            ImageReference context = ImageReference.parse(ImageReference.OWN_REGISTRY + "/"
                    + job().getMetadata().getAnnotations().get("slipway.dev/context-image"));
            assertThat(site.slipway().get(Registries.class).own().delete(context.repository(), context.reference()))
                    .isTrue();
        }
        failed(run, ProblemCode.POD_IMAGE_PULL, "/builds/");
        succeeds(environment);
    }

    @Test
    @DisplayName("its pod is deleted by hand, as when a node is emptied: it is begun again")
    void podDeleted() {
        site = new BuildSite(data);
        site.source().write("Dockerfile", "FROM " + BuildSite.base() + "\nRUN echo here I am && sleep 8" + GOOD);
        StoredRun run = site.slipway().start(site.environment("{builder: dockerfile}"));
        await().atMost(LONG).until(() -> site.log(run).contains("here I am"));

        site.cluster().pods().inNamespace(site.builds()).delete();

        assertThat(site.finished(run).outcome()).as("%s", site.log(run)).isEqualTo(Outcome.SUCCEEDED);
        assertThat(site.log(run)).anyMatch(line -> line.contains(ProblemCode.BUILD_INTERRUPTED.id()));
        site.nothingIsLeft(run);
    }

    @Test
    @DisplayName("the namespace of builds is being deleted: it is waited for")
    void namespaceGoes() {
        site = new BuildSite(data);
        ConfigMap holds = new ConfigMapBuilder()
                .withNewMetadata()
                .withName("holds")
                .withNamespace(site.builds())
                .withFinalizers("slipway.dev/test")
                .endMetadata()
                .build();
        site.cluster()
                .resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(site.builds())
                        .endMetadata()
                        .build())
                .create();
        site.cluster().resource(holds).create();
        site.cluster().namespaces().withName(site.builds()).delete();
        site.source().write("Dockerfile", "FROM " + BuildSite.base() + GOOD);
        StoredRun run = site.slipway().start(site.environment("{builder: dockerfile}"));
        try {
            await().atMost(LONG)
                    .until(() -> site.log(run).stream()
                            .anyMatch(line -> line.contains(ProblemCode.KUBERNETES_NAMESPACE_TERMINATING.id())));
        } finally {
            site.cluster()
                    .resource(holds)
                    .edit(one -> new ConfigMapBuilder(one)
                            .editMetadata()
                            .withFinalizers(List.of())
                            .endMetadata()
                            .build());
        }

        assertThat(site.finished(run).outcome()).as("%s", site.log(run)).isEqualTo(Outcome.SUCCEEDED);
        site.nothingIsLeft(run);
    }

    /** A run whose Job is made and waits for a place. */
    private StoredRun waiting(StoredEnvironment environment) {
        site.source()
                .write("Dockerfile", "FROM " + BuildSite.base() + "\nRUN true" + GOOD)
                .commit("Waits");
        StoredRun run = site.slipway().start(environment);
        await().atMost(LONG)
                .until(() -> site.log(run).stream().anyMatch(line -> line.startsWith("waiting for a place")));
        return run;
    }

    private Job job() {
        return site.jobs().stream()
                .filter(job -> !job.getMetadata().getName().equals("hold"))
                .findFirst()
                .orElseThrow();
    }

    private void fails(StoredEnvironment environment, String instruction, ProblemCode code, String word) {
        site.source()
                .write("Dockerfile", "FROM " + BuildSite.base() + "\n" + instruction)
                .commit("Fails");
        failed(site.slipway().start(environment), code, word);
    }

    private void failed(StoredRun begun, ProblemCode code, String word) {
        StoredRun run = site.finished(begun);
        assertThat(run.outcome()).as("%s %s", run.progress(), site.log(run)).isEqualTo(Outcome.FAILED);
        assertThat(site.problems(run))
                .as("%s", site.log(run))
                .filteredOn(problem -> problem.code() == code)
                .isNotEmpty()
                .first()
                .satisfies(problem -> assertThat(problem.arguments().toString()).contains(word));
        site.nothingIsLeft(run);
    }

    private void succeeds(StoredEnvironment environment) {
        site.source().write("Dockerfile", "FROM " + BuildSite.base() + GOOD).commit("Good again");
        StoredRun run = site.finished(environment);
        assertThat(run.outcome()).as("%s %s", run.progress(), site.log(run)).isEqualTo(Outcome.SUCCEEDED);
        site.nothingIsLeft(run);
    }
}
