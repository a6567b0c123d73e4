package dev.slipway.web.runs;

import dev.slipway.web.environments.EnvironmentView;
import dev.slipway.web.shell.Wording;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/** Lets tests of all pages make the model of this one. */
public final class RunPageModels {
    private RunPageModels() {}

    public static Map<String, Object> of(RunView run, EnvironmentView environment, Instant now, Wording words) {
        return RunPage.model(run, environment, RunPage.choose(run, null), Duration.ofSeconds(54), now, words);
    }
}
