package dev.slipway.web.logs;

import dev.slipway.activities.kubernetes.log.LoggedPod;
import dev.slipway.web.problems.ProblemText;
import dev.slipway.web.shell.Wording;
import java.util.List;
import java.util.Map;

/** Lets tests of all pages make the model of this one. */
public final class LogPageModels {
    private LogPageModels() {}

    public static Map<String, Object> of(
            String component, String since, List<LoggedPod> pods, List<ProblemText> problems, Wording words) {
        return LogController.model(
                "storefront-dev",
                component,
                true,
                new LogQuery("orders-6d9f-q8", "", false, since, "<b>\"&pod=x"),
                pods,
                problems,
                words);
    }
}
