package dev.slipway.web.runs;

import dev.slipway.web.live.Topic;
import dev.slipway.web.runs.RunViews.Moment;
import java.util.Locale;
import java.util.Map;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** A run's stream for programs: event {@code run} with the whole run as JSON at every change, then {@code end}. */
@Component
final class RunEvents {
    private final RunViews views;
    private final JsonMapper json;

    RunEvents(RunViews views, JsonMapper json) {
        this.views = views;
        this.json = json;
    }

    Topic of(String runId) {
        return new Topic() {
            private Moment moment = views.now(runId);

            @Override
            public boolean look() {
                Moment then = moment;
                moment = views.now(runId, then);
                return !moment.equals(then);
            }

            @Override
            public Map<String, String> render(Locale locale) {
                return Map.of("run", json.writeValueAsString(views.view(moment, locale)));
            }

            @Override
            public boolean finished() {
                return moment.finished();
            }
        };
    }
}
