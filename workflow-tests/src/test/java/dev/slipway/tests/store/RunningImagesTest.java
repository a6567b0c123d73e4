package dev.slipway.tests.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.activities.store.ApplicationStore;
import dev.slipway.activities.store.ComponentStateStore;
import dev.slipway.activities.store.ComponentStateStore.ComponentState;
import dev.slipway.activities.store.EnvironmentStore;
import dev.slipway.activities.store.EnvironmentStore.StoredEnvironment;
import dev.slipway.activities.store.Ids;
import dev.slipway.activities.store.PlanStore;
import dev.slipway.activities.store.PlanStore.PinnedSource;
import dev.slipway.activities.store.PlanStore.Pins;
import dev.slipway.activities.store.ReleaseStore;
import dev.slipway.activities.store.ReleaseStore.Release;
import dev.slipway.activities.store.ReleaseStore.ReleaseImage;
import dev.slipway.activities.store.RunStore;
import dev.slipway.tests.support.RunningSlipway;
import dev.slipway.web.environments.EnvironmentView.ComponentView;
import dev.slipway.web.environments.Environments;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunningImagesTest {
    private static final String DOCUMENT = """
            apiVersion: slipway.dev/v1
            kind: Application
            metadata: {name: shop}
            spec:
              components:
                - name: web
                  kind: service
                  source: {image: "own/web:1"}
                - name: db
                  kind: service
                  source: {image: "own/db:1"}
            """;

    @TempDir
    static Path data;

    private static RunningSlipway slipway;

    @BeforeAll
    static void start() {
        slipway = RunningSlipway.start(data, "slipway.roles=web");
    }

    @AfterAll
    static void stop() {
        slipway.close();
    }

    @Test
    @DisplayName("A component that the newest release did not reach shows the image, branch and commit that still run")
    void whatReallyRuns() {
        String application = slipway.get(ApplicationStore.class)
                .create("shop", null, DOCUMENT, null)
                .id();
        StoredEnvironment environment =
                slipway.get(EnvironmentStore.class).create("shop-dev", application, "simulated", "shop-dev", "");
        release(environment, "first", "main", ReleaseStore.State.DEPLOYED);
        release(environment, "second", "next", ReleaseStore.State.PARTIAL);
        runs(environment, "web", image("web", "second"));
        runs(environment, "db", image("db", "first"));

        var view = slipway.get(Environments.class).view(environment);

        assertThat(view.release()).isEqualTo(2);
        assertThat(view.components())
                .extracting(ComponentView::name, ComponentView::image, ComponentView::ref, ComponentView::commit)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("web", image("web", "second"), "next", "second"),
                        org.assertj.core.groups.Tuple.tuple("db", image("db", "first"), "main", "first"));

        assertThat(view.components())
                .as("what the newest release says and what runs")
                .extracting(ComponentView::name, ComponentView::drifted)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("web", false),
                        org.assertj.core.groups.Tuple.tuple("db", true));

        runs(environment, "db", image("db", "by hand"));
        assertThat(slipway.get(Environments.class).view(environment).component("db"))
                .hasValueSatisfying(db -> {
                    assertThat(db.image()).isEqualTo(image("db", "by hand"));
                    assertThat(db.commit()).as("nobody knows").isNull();
                });
    }

    private static void release(StoredEnvironment environment, String commit, String branch, ReleaseStore.State state) {
        String run = slipway.get(RunStore.class)
                .accept(StoreTest.request(environment.id(), Ids.next(), null))
                .id();
        PinnedSource source = new PinnedSource("https://git.example/shop", branch, commit, "tree");
        var unused = slipway.get(PlanStore.class)
                .pinsOnce(run, () -> new Pins(DOCUMENT, Map.of("web", source, "db", source), Map.of()));
        ReleaseStore releases = slipway.get(ReleaseStore.class);
        Release release = releases.open(environment.id(), run, DOCUMENT);
        releases.image(release, new ReleaseImage("web", image("web", commit), commit));
        releases.image(release, new ReleaseImage("db", image("db", commit), commit));
        releases.close(run, state);
    }

    private static void runs(StoredEnvironment environment, String component, String image) {
        slipway.get(ComponentStateStore.class)
                .put(new ComponentState(
                        environment.id(),
                        component,
                        "service",
                        ComponentStateStore.State.HEALTHY,
                        "",
                        1,
                        1,
                        image,
                        Instant.EPOCH,
                        0,
                        null));
    }

    private static String image(String component, String commit) {
        return "slipway.registry/shop/" + component + "@sha256:" + component + commit;
    }
}
