package dev.slipway.web.builds;

import dev.slipway.web.logs.StoredLine;
import dev.slipway.web.problems.ProblemText;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Lets tests of all pages make the models of these. */
public final class BuildPageModels {
    private BuildPageModels() {}

    /** @param state {@code running}, {@code failed} with the problem, {@code succeeded} */
    public static BuildView build(String state, @Nullable ProblemText problem, String hostile, Instant now) {
        boolean ended = !state.equals("running");
        return new BuildView(
                "1m8jze123vjba0p61z",
                state,
                "storefront",
                "orders",
                "4f2a91c0b1d2".repeat(5),
                "https://git.example/team/storefront.git",
                hostile,
                "9be01d7c0ffe".repeat(3) + "9be0",
                "4b825dc642cb".repeat(3) + "4b82",
                "dockerfile",
                "docker.io/martizih/kaniko@sha256:" + "ab".repeat(32),
                null,
                "slipway.registry/storefront/orders",
                "main-9be01d7c0ffe",
                state.equals("succeeded") ? "slipway.registry/storefront/orders@sha256:" + "cd".repeat(32) : null,
                problem,
                problem == null ? null : "RUN echo " + hostile,
                "run42",
                "lab",
                "build-4f2a91c0b1d24f2a91c0-1",
                "3 of 4",
                ended ? 1_234_567L : null,
                now.minusSeconds(72),
                ended ? now.minusSeconds(2) : null,
                ended ? 70.0 : null);
    }

    public static Map<String, Object> page(BuildView build, List<StoredLine> lines) {
        Map<String, Object> model = new HashMap<>(
                BuildPage.model(build, "Deploy 42", "storefront-dev", build.problem() == null ? List.of() : lines));
        model.putAll(BuildPage.lines(lines, 0, 3, false));
        return model;
    }

    public static Map<String, Object> list(List<BuildView> builds, @Nullable String application) {
        Map<String, Object> model = new HashMap<>();
        model.put("builds", builds);
        model.put("next", builds.isEmpty() ? null : "17");
        model.put("filter", new Builds.Filter(application, null, null, null));
        model.put("filtered", application != null);
        model.put("states", Builds.words());
        return model;
    }
}
