package dev.slipway.web.builds;

import dev.slipway.activities.store.BuildLog;
import dev.slipway.activities.store.BuildLog.Line;
import dev.slipway.activities.store.EnvironmentStore;
import dev.slipway.activities.store.RunStore;
import dev.slipway.activities.store.RunStore.StoredRun;
import dev.slipway.web.live.Topic;
import dev.slipway.web.logs.StoredLine;
import dev.slipway.web.shell.Fragments;
import dev.slipway.web.shell.Wording;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Everything that the page of a build shows. */
@Component
final class BuildPage {
    static final String TEMPLATE = "builds/build";
    private static final int LINES = 500;

    private final Builds builds;
    private final BuildLog log;
    private final RunStore runs;
    private final EnvironmentStore environments;
    private final Fragments fragments;

    BuildPage(Builds builds, BuildLog log, RunStore runs, EnvironmentStore environments, Fragments fragments) {
        this.builds = builds;
        this.log = log;
        this.runs = runs;
        this.environments = environments;
        this.fragments = fragments;
    }

    Map<String, Object> model(String id, Wording words) {
        Map<String, Object> model = parts(id, words);
        model.putAll(lines(id, 0));
        return model;
    }

    private Map<String, Object> parts(String id, Wording words) {
        BuildView build = builds.one(id, words.locale());
        List<StoredLine> last = build.problem() == null ? List.of() : builds.lastLines(id);
        Optional<StoredRun> run = Optional.ofNullable(build.run()).flatMap(runs::find);
        return model(
                build,
                run.map(one -> words.word("operation", one.operation().word()) + " " + one.number())
                        .orElse(null),
                run.filter(one -> environments.lives(one.environmentId()))
                        .map(StoredRun::environmentName)
                        .orElse(null),
                last);
    }

    /**
     * Pure: the model of the page's parts.
     *
     * @param run what it is called; {@code null}: none is known
     * @param environment where one goes next; {@code null}: it does not live any more
     * @param last of a build that failed
     */
    static Map<String, Object> model(
            BuildView build, @Nullable String run, @Nullable String environment, List<StoredLine> last) {
        Map<String, Object> model = new HashMap<>();
        model.put("build", build);
        model.put("run", run);
        model.put("environment", environment);
        model.put("last", last);
        return model;
    }

    /** The part of its log after a line. */
    Map<String, Object> lines(String id, long after) {
        List<Line> lines = log.read(id, after, LINES);
        return lines(
                shown(lines),
                after,
                lines.isEmpty() ? after : lines.get(lines.size() - 1).id(),
                lines.size() == LINES);
    }

    /** Pure. */
    static Map<String, Object> lines(List<StoredLine> lines, long after, long last, boolean more) {
        return Map.of("lines", lines, "after", after, "lastLine", last, "more", more);
    }

    private static List<StoredLine> shown(List<Line> lines) {
        return lines.stream()
                .map(line -> new StoredLine(line.at(), line.text()))
                .toList();
    }

    Topic live(String id) {
        return new Live(id);
    }

    /** The page's stream. */
    private final class Live implements Topic {
        private final String id;
        private BuildView build;
        private long lastLine;

        Live(String id) {
            this.id = id;
            this.build = builds.one(id, Locale.ENGLISH);
        }

        @Override
        public boolean look() {
            BuildView then = build;
            long thenLine = lastLine;
            build = builds.one(id, Locale.ENGLISH);
            lastLine = log.lastId(id);
            return !build.equals(then) || lastLine != thenLine;
        }

        @Override
        public Map<String, String> render(Locale locale) {
            Map<String, Object> model = parts(id, fragments.words(locale));
            Map<String, String> rendered = new LinkedHashMap<>();
            for (String part : List.of("status", "verdict", "facts")) {
                rendered.put(part, fragments.render(TEMPLATE, part, locale, model));
            }
            rendered.put("log", Long.toString(lastLine));
            return rendered;
        }

        @Override
        public boolean finished() {
            return !build.running();
        }
    }
}
