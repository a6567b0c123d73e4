package dev.slipway.web.environments;

import dev.slipway.activities.store.EnvironmentStore.StoredEnvironment;
import dev.slipway.web.live.Topic;
import dev.slipway.web.shell.Fragments;
import dev.slipway.web.shell.Wording;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Everything that the page of an environment shows, at one moment. Equal moments look equal. */
record EnvironmentPage(EnvironmentView environment, List<ReleaseView> releases, List<RunRow> runs) {
    static final String TEMPLATE = "environments/environment";

    static EnvironmentPage of(Environments environments, StoredEnvironment environment) {
        return new EnvironmentPage(
                environments.view(environment),
                environments.releases(environment.id()),
                environments.runs(environment.id()));
    }

    /** @param component the one that is looked at; {@code null}: none */
    Map<String, Object> model(@Nullable String component, Wording words) {
        Map<String, Object> model = new HashMap<>();
        model.put("environment", environment);
        model.put("releases", releases);
        // The one of all deployed releases that was not followed by another.
        model.put(
                "current",
                releases.stream()
                        .filter(release -> release.state().equals("deployed"))
                        .mapToLong(ReleaseView::number)
                        .max()
                        .orElse(0));
        model.put("runs", runs);
        model.put("openRuns", runs.stream().filter(RunRow::open).toList());
        model.put(
                "topology",
                EnvironmentTopology.of(
                        environment.components(),
                        component,
                        node -> "/environments/" + environment.name() + "?component=" + node.name(),
                        words));
        if (component != null) {
            environment.component(component).ifPresent(chosen -> {
                model.put("chosen", chosen);
                model.put("neededBy", environment.neededBy(component));
            });
        }
        model.putIfAbsent("chosen", null);
        return model;
    }

    /** The page's stream. */
    static final class Live implements Topic {
        private static final Map<String, String> PARTS = parts();

        private final Environments environments;
        private final StoredEnvironment environment;
        private final Fragments fragments;
        private EnvironmentPage now;

        Live(Environments environments, StoredEnvironment environment, Fragments fragments) {
            this.environments = environments;
            this.environment = environment;
            this.fragments = fragments;
            this.now = of(environments, environment);
        }

        private static Map<String, String> parts() {
            Map<String, String> parts = new LinkedHashMap<>();
            parts.put("topology", "picture");
            parts.put("status", "status");
            parts.put("now", "now");
            parts.put("releases", "releases");
            parts.put("runs", "runs");
            return parts;
        }

        @Override
        public boolean look() {
            EnvironmentPage then = now;
            now = of(environments, environment);
            return !now.equals(then);
        }

        @Override
        public Map<String, String> render(Locale locale) {
            Map<String, Object> model = now.model(null, fragments.words(locale));
            Map<String, String> rendered = new LinkedHashMap<>();
            PARTS.forEach(
                    (event, fragment) -> rendered.put(event, fragments.render(TEMPLATE, fragment, locale, model)));
            return rendered;
        }

        @Override
        public boolean finished() {
            return false;
        }
    }
}
