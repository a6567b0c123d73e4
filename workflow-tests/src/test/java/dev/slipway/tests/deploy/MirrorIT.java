package dev.slipway.tests.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.activities.registry.RegistryClient;
import dev.slipway.activities.store.Ids;
import dev.slipway.activities.store.RunStore.StoredRun;
import dev.slipway.tests.support.BuildSite;
import dev.slipway.tests.support.CopiedImage;
import dev.slipway.tests.support.Engines;
import dev.slipway.workflows.run.Outcome;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MirrorIT {
    @TempDir
    private Path data;

    @Test
    @DisplayName(
            "without the internet a Dockerfile of Docker Hub's images is built from a mirror with a login, plain HTTP and a path")
    void mirrored() {
        String path = "hub-" + Ids.next().substring(9);
        RegistryClient closed = CopiedImage.closed();
        String digest = CopiedImage.copy("SLIPWAY_IT_BASE_IMAGE", closed, path + "/library/busybox");
        try (BuildSite site = new BuildSite(
                data,
                "slipway.registries[0].address=docker.io",
                "slipway.registries[0].mirror=" + Engines.variable("SLIPWAY_IT_REGISTRY_AUTH") + "/" + path,
                "slipway.registries[0].insecure=true",
                "slipway.registries[0].username=" + Engines.variable("SLIPWAY_IT_REGISTRY_AUTH_USER"),
                "slipway.registries[0].password=" + Engines.variable("SLIPWAY_IT_REGISTRY_AUTH_PASSWORD"))) {
            site.source()
                    .write(
                            "Dockerfile",
                            "FROM busybox:1\nRUN echo here I am\nUSER 1000\nCMD [\"sleep\", \"100000\"]\n");

            StoredRun run = site.finished(site.environment("{}"));

            assertThat(run.outcome()).as("%s %s", run.progress(), site.log(run)).isEqualTo(Outcome.SUCCEEDED);
            assertThat(site.log(run)).anyMatch(line -> line.contains("busybox") && line.contains(digest));
            assertThat(site.cluster().secrets().inNamespace(site.name()).list().getItems())
                    .as("the mirror's login is not the nodes'")
                    .isEmpty();
            site.nothingIsLeft(run);
        } finally {
            closed.delete(path + "/library/busybox", digest);
        }
    }
}
