package dev.slipway.web.environments;

import dev.slipway.web.shell.Wording;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Lets tests of all pages make the model of this one. */
public final class EnvironmentPageModels {
    private EnvironmentPageModels() {}

    public static Map<String, Object> of(
            EnvironmentView environment,
            List<ReleaseView> releases,
            List<RunRow> runs,
            @Nullable String component,
            Wording words) {
        return new EnvironmentPage(environment, releases, runs).model(component, words);
    }
}
