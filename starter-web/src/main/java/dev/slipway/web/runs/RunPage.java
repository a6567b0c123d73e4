package dev.slipway.web.runs;

import dev.slipway.activities.store.StepLog;
import dev.slipway.activities.store.StepLog.Line;
import dev.slipway.web.builds.BuildView;
import dev.slipway.web.builds.Builds;
import dev.slipway.web.environments.EnvironmentTopology;
import dev.slipway.web.environments.EnvironmentView;
import dev.slipway.web.environments.EnvironmentView.ComponentView;
import dev.slipway.web.environments.Environments;
import dev.slipway.web.live.Topic;
import dev.slipway.web.logs.StoredLine;
import dev.slipway.web.runs.RunView.QuestionShape;
import dev.slipway.web.runs.RunView.StepShape;
import dev.slipway.web.runs.RunViews.Moment;
import dev.slipway.web.shell.Fragments;
import dev.slipway.web.shell.Wording;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Everything that the page of a run shows. */
@Component
final class RunPage {
    static final String TEMPLATE = "runs/run";
    private static final int LINES = 500;
    private static final Duration LAST_WORD = Duration.ofSeconds(5);

    private final RunViews views;
    private final Environments environments;
    private final StepLog log;
    private final Builds builds;
    private final Fragments fragments;

    RunPage(RunViews views, Environments environments, StepLog log, Builds builds, Fragments fragments) {
        this.views = views;
        this.environments = environments;
        this.log = log;
        this.builds = builds;
        this.fragments = fragments;
    }

    /** @param step id of the one that is looked at; {@code null}: the one that most needs it */
    Map<String, Object> model(String runId, @Nullable String step, Wording words) {
        Moment moment = views.now(runId);
        RunView run = views.view(moment, words.locale());
        StepShape chosen = choose(run, step);
        Map<String, Object> model = model(
                run, environments.view(environments.ofRun(moment.run())), chosen, usual(moment), Instant.now(), words);
        model.put("gone", !environments.lives(moment.run().environmentId()));
        model.put("following", step == null);
        if (chosen != null) {
            model.putAll(lines(run, chosen, 0));
            List<BuildView> needed = builds.ofStep(runId, chosen.id(), words.locale());
            BuildView failed =
                    chosen.state().equals("failed") && !needed.isEmpty() ? needed.get(needed.size() - 1) : null;
            model.put("builds", needed);
            model.put("failed", failed);
            model.put("lastLines", failed == null ? List.of() : builds.lastLines(failed.id()));
        }
        return model;
    }

    /** The part of a step's log after a line, for the page that has the lines before. */
    Map<String, Object> lines(String runId, String stepId, long after, Wording words) {
        RunView run = views.view(runId, words.locale());
        StepShape step = run.steps().stream()
                .filter(one -> one.id().equals(stepId))
                .findFirst()
                .orElse(new StepShape(stepId, "", null, "pending", 0, null, null, List.of(), List.of(), null));
        Map<String, Object> model = new HashMap<>(lines(run, step, after));
        model.put("run", run);
        model.put("chosen", step);
        return model;
    }

    private Map<String, Object> lines(RunView run, StepShape step, long after) {
        List<Line> lines = log.read(run.id(), step.id(), after, LINES);
        Map<String, Object> model = new HashMap<>();
        model.put(
                "lines",
                lines.stream()
                        .map(line -> new StoredLine(line.at(), line.text()))
                        .toList());
        model.put("after", after);
        model.put("last", lines.isEmpty() ? after : lines.get(lines.size() - 1).id());
        model.put("more", lines.size() == LINES);
        model.put("live", !run.finished());
        return model;
    }

    private @Nullable Duration usual(Moment moment) {
        return moment.finished() || moment.progress() == null
                ? null
                : views.usual(moment.run(), moment.progress().steps().size()).orElse(null);
    }

    /** Pure: the model of the page's parts. */
    static Map<String, Object> model(
            RunView run,
            EnvironmentView environment,
            @Nullable StepShape chosen,
            @Nullable Duration usual,
            Instant now,
            Wording words) {
        Map<String, Object> model = new HashMap<>();
        model.put("run", run);
        model.put("live", !run.finished());
        model.put("simulated", environment.simulated());
        model.put("gone", destroyed(run));
        model.put("destroys", run.operation().equals("destroy"));
        model.put("chosen", chosen);
        model.put("following", false);
        Instant from = run.startedAt() == null ? run.acceptedAt() : run.startedAt();
        model.put("timeline", Timeline.of(run.steps(), from, run.endedAt() == null ? now : run.endedAt()));
        long left = usual == null || run.startedAt() == null || run.finished()
                ? 0
                : Duration.between(now, run.startedAt().plus(usual)).toMillis();
        model.put("left", left);
        model.put("until", left > 1_000 ? now.toEpochMilli() + left : null);
        List<ComponentView> components = environment.components().stream()
                .map(component -> during(run, component, words))
                .toList();
        model.put(
                "topology",
                EnvironmentTopology.of(
                        components,
                        chosen == null ? null : chosen.component(),
                        component -> "/runs/" + run.id() + "?step=" + stepOf(run, component.name()),
                        words));
        return model;
    }

    private static boolean destroyed(RunView run) {
        return run.operation().equals("destroy") && "succeeded".equals(run.outcome());
    }

    /** The step to show when nobody chose: one that failed, one that acts, else the last that ended. */
    static @Nullable StepShape choose(RunView run, @Nullable String wanted) {
        if (wanted != null) {
            Optional<StepShape> step =
                    run.steps().stream().filter(one -> one.id().equals(wanted)).findFirst();
            if (step.isPresent()) {
                return step.get();
            }
        }
        for (String state : List.of("failed", "parked", "retrying", "running")) {
            for (StepShape step : run.steps()) {
                if (step.state().equals(state)) {
                    return step;
                }
            }
        }
        StepShape last = null;
        for (StepShape step : run.steps()) {
            if (step.startedAt() != null
                    && step.endedAt() != null
                    && (last == null || !step.endedAt().isBefore(last.endedAt()))) {
                last = step;
            }
        }
        // As long as nothing has begun, the page asks again by itself.
        return last != null || !run.finished()
                ? last
                : run.steps().stream().findFirst().orElse(null);
    }

    /** The most telling step of a component: the one that deploys it, else the one that builds it. */
    private static String stepOf(RunView run, String component) {
        String found = "deploy/" + component;
        for (StepShape step : run.steps()) {
            if (component.equals(step.component())) {
                found = step.id();
                if (step.kind().equals("deploy")) {
                    return found;
                }
            }
        }
        return found;
    }

    /** A component as this run sees it: while its steps go on they are the news, not what the cluster said last. */
    private static ComponentView during(RunView run, ComponentView component, Wording words) {
        if (run.finished()) {
            return component;
        }
        for (StepShape step : run.steps()) {
            if (component.name().equals(step.component()) && !step.settled()) {
                if (step.acts()) {
                    boolean silent = component.reason().isEmpty();
                    return component.at(
                            component.state().equals("degraded") ? "degraded" : "progressing",
                            silent ? words.word("stepKind", step.kind()) : component.reason());
                }
                if (!step.waitsFor().isEmpty()) {
                    return component.at(component.state(), words.say("step.waitsFor", words.some(others(step), 2)));
                }
            }
        }
        return component;
    }

    /** {@code deploy/db} is {@code db} to who looks at components; a step of its own is named as it is. */
    private static List<String> others(StepShape step) {
        List<String> others = step.waitsFor().stream()
                .map(needed -> needed.substring(needed.indexOf('/') + 1))
                .filter(name -> !name.equals(step.component()) && !name.equals("prepare"))
                .distinct()
                .toList();
        return others.isEmpty() ? step.waitsFor() : others;
    }

    Topic live(String runId) {
        return new Live(runId);
    }

    /** The page's stream. */
    private final class Live implements Topic {
        private final String runId;
        private Moment moment;
        private EnvironmentView environment;
        private @Nullable Duration usual;
        private long lastLine;
        private Instant rendered = Instant.EPOCH;

        Live(String runId) {
            this.runId = runId;
            this.moment = views.now(runId);
            this.environment = environments.view(environments.ofRun(moment.run()));
            this.usual = usual(moment);
            this.lastLine = lastLine(0);
        }

        @Override
        public boolean look() {
            Moment then = moment;
            EnvironmentView thenEnvironment = environment;
            long thenLine = lastLine;
            moment = views.now(runId, then);
            environment = environments.view(environments.ofRun(moment.run()));
            lastLine = lastLine(thenLine);
            if (then.progress() == null && moment.progress() != null) {
                usual = usual(moment);
            }
            boolean acts = moment.progress() != null && moment.run().startedAt() != null && !moment.finished();
            boolean aSecondWentBy = Duration.between(rendered, Instant.now()).toMillis() >= 1_000;
            return !moment.equals(then)
                    || !environment.equals(thenEnvironment)
                    || lastLine != thenLine
                    || (acts && aSecondWentBy);
        }

        private long lastLine(long after) {
            List<Line> lines = log.read(runId, "", after, 1_000);
            return lines.isEmpty() ? after : lines.get(lines.size() - 1).id();
        }

        @Override
        public Map<String, String> render(Locale locale) {
            rendered = Instant.now();
            Wording words = fragments.words(locale);
            RunView run = views.view(moment, words.locale());
            Map<String, Object> model = model(run, environment, null, usual, rendered, words);
            Map<String, String> parts = new LinkedHashMap<>();
            for (String part : List.of("steps", "status", "orders", "actions", "verdict", "plan")) {
                parts.put(part, fragments.render(TEMPLATE, part, locale, model));
            }
            parts.put("topology", fragments.render(TEMPLATE, "picture", locale, model));
            parts.put("log", Long.toString(lastLine));
            // The page asks for the questions itself: their forms hold what only its own requests may hold.
            parts.put(
                    "questions",
                    run.openQuestions().stream().map(QuestionShape::id).collect(Collectors.joining(" ")));
            return parts;
        }

        /** The cluster's last word on the components may come a moment after the run's: it is waited for a little. */
        @Override
        public boolean finished() {
            Instant ended = moment.run().endedAt();
            boolean settled = environment.components().stream()
                    .noneMatch(component -> component.state().equals("progressing"));
            return moment.finished()
                    && (settled || ended == null || ended.plus(LAST_WORD).isBefore(Instant.now()));
        }

        @Override
        public String toString() {
            return "run " + Objects.toString(runId);
        }
    }
}
