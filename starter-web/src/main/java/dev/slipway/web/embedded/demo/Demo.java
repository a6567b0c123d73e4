package dev.slipway.web.embedded.demo;

import dev.slipway.activities.git.GitRef;
import dev.slipway.activities.git.GitSource;
import dev.slipway.activities.image.ComposeListener;
import dev.slipway.activities.image.Composition;
import dev.slipway.activities.image.ImageComposer;
import dev.slipway.activities.registry.RegistryClient;
import dev.slipway.activities.store.ApplicationStore;
import dev.slipway.activities.store.ApplicationStore.GitOrigin;
import dev.slipway.activities.store.ApplicationStore.StoredApplication;
import dev.slipway.activities.store.EnvironmentStore;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Sets the demo up, once: the repository, base images for the simulated cluster, the application, and its environment
 * {@value #ENVIRONMENT}. Deploying it is left to the person.
 */
public final class Demo {
    public static final String APPLICATION = "storefront";
    public static final String ENVIRONMENT = "storefront-dev";

    private static final String NOTE = """
            A stand-in base image for the demo on the simulated cluster: no pod runs there, so it holds no programs.
            On a real cluster, push base images of the same names: base/shell:1 with a static busybox, base/debian:1 with
            Perl, base/postgres:1 with PostgreSQL, its client and Perl.
            """;

    private final GitSource git;
    private final RegistryClient registry;
    private final ImageComposer composer;
    private final ApplicationStore applications;
    private final EnvironmentStore environments;

    public Demo(
            GitSource git,
            RegistryClient registry,
            ImageComposer composer,
            ApplicationStore applications,
            EnvironmentStore environments) {
        this.git = git;
        this.registry = registry;
        this.composer = composer;
        this.applications = applications;
        this.environments = environments;
    }

    /**
     * Safe to repeat: what is there stays as it is.
     *
     * @param repository folder of the storefront's repository
     * @param cluster name of the simulated cluster
     */
    public void setUp(Path repository, String cluster) {
        DemoRepository.create(repository);
        List.of("base/shell", "base/debian", "base/postgres").forEach(this::baseImage);
        if (environments.byName(ENVIRONMENT).isPresent()) {
            return;
        }
        StoredApplication application = applications
                .byName(APPLICATION)
                .orElseGet(() -> createApplication(repository.toUri().toString()));
        environments.create(ENVIRONMENT, application.id(), cluster, ENVIRONMENT, "");
    }

    private StoredApplication createApplication(String url) {
        String commit = git.resolve(url, GitRef.branch("main"));
        String document = new String(git.read(url, commit, "slipway.yaml", 1 << 20), StandardCharsets.UTF_8);
        return applications.create(APPLICATION, "Storefront", document, new GitOrigin(url, "main", "slipway.yaml"));
    }

    private void baseImage(String repository) {
        if (registry.exists(repository, "1")) {
            return;
        }
        byte[] note = NOTE.getBytes(StandardCharsets.UTF_8);
        var unused = composer.compose(
                new Composition(
                        null,
                        List.of(new Composition.Layer(
                                "/", sink -> sink.file("README", false, note.length, new ByteArrayInputStream(note)))),
                        new Composition.Settings(List.of(), List.of(), "/", Map.of(), "10001", Map.of())),
                repository,
                "1",
                new ComposeListener() {
                    @Override
                    public void line(String text) {}

                    @Override
                    public void pushed(long bytes) {}
                });
    }
}
