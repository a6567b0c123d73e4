package dev.slipway.web.builds;

import dev.slipway.activities.store.BuildLog;
import dev.slipway.activities.store.BuildStore;
import dev.slipway.activities.store.BuildStore.Build;
import dev.slipway.activities.store.BuildStore.State;
import dev.slipway.web.access.Access;
import dev.slipway.web.access.Caller;
import dev.slipway.web.logs.StoredLine;
import dev.slipway.web.problems.ProblemTexts;
import dev.slipway.web.shell.Page;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** What is known of builds, for pages and API. Reads only. */
@Component
public final class Builds {
    private static final int LAST_LINES = 40;

    private final Access access;
    private final BuildStore store;
    private final BuildLog log;
    private final ProblemTexts texts;

    Builds(BuildStore store, BuildLog log, ProblemTexts texts, Access access) {
        this.access = access;
        this.store = store;
        this.log = log;
        this.texts = texts;
    }

    /**
     * Which builds are looked for.
     *
     * @param application blank or {@code null}: of all, as with the others
     * @param after position of the last one seen; {@code null}: from the newest
     */
    public record Filter(
            @Nullable String application,
            @Nullable String component,
            @Nullable String state,
            @Nullable Long after) {}

    /** @throws ProblemException {@code SLP-REQUEST-INVALID} for a state that there is not */
    Page<BuildView> list(Filter filter, int limit, Caller caller, Locale locale) {
        List<Build> some = store.list(
                access.sight(caller),
                given(filter.application()),
                given(filter.component()),
                state(given(filter.state())),
                filter.after() == null ? Long.MAX_VALUE : filter.after(),
                Page.limit(limit) + 1);
        return Page.of(some, Page.limit(limit), build -> Long.toString(build.position()), build -> view(build, locale));
    }

    /** @throws ProblemException {@code SLP-BUILD-UNKNOWN} */
    BuildView one(String id, Locale locale) {
        return view(store.byId(id), locale);
    }

    /** Of a step, the newest last. */
    public List<BuildView> ofStep(String run, String step, Locale locale) {
        return store.ofRun(run).stream()
                .filter(use -> use.stepId().equals(step))
                .map(use -> view(use.build(), locale))
                .toList();
    }

    /** What the builder said last: beside its problem, when it failed. */
    public List<StoredLine> lastLines(String id) {
        return log.last(id, LAST_LINES).stream()
                .map(line -> new StoredLine(line.at(), line.text()))
                .toList();
    }

    private BuildView view(Build build, Locale locale) {
        return BuildView.of(build, build.problem() == null ? null : texts.text(build.problem(), locale));
    }

    private static @Nullable String given(@Nullable String text) {
        return text == null || text.isBlank() ? null : text.strip();
    }

    private static @Nullable State state(@Nullable String word) {
        return word == null
                ? null
                : Arrays.stream(State.values())
                        .filter(state -> state.word().equals(word))
                        .findFirst()
                        .orElseThrow(() -> new ProblemException(Problem.of(
                                ProblemCode.REQUEST_INVALID,
                                "state",
                                "reason",
                                "state: " + String.join(", ", words()))));
    }

    static List<String> words() {
        return Arrays.stream(State.values()).map(State::word).toList();
    }
}
