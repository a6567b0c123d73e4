package dev.slipway.web.runs;

import dev.slipway.activities.kubernetes.log.Ansi;
import dev.slipway.activities.store.EnvironmentStore.StoredEnvironment;
import dev.slipway.activities.store.Ids;
import dev.slipway.activities.store.PlanStore.StoredPlan;
import dev.slipway.activities.store.RunStore;
import dev.slipway.activities.store.RunStore.StoredRun;
import dev.slipway.activities.store.StepLog;
import dev.slipway.activities.store.StepLog.Line;
import dev.slipway.web.access.Access;
import dev.slipway.web.access.Caller;
import dev.slipway.web.access.Needs;
import dev.slipway.web.access.Needs.At;
import dev.slipway.web.api.Costly;
import dev.slipway.web.api.Repeats;
import dev.slipway.web.audit.ChangesNothing;
import dev.slipway.web.environments.Environments;
import dev.slipway.web.environments.RunRow;
import dev.slipway.web.live.Broadcaster;
import dev.slipway.web.shell.Page;
import dev.slipway.workflows.people.Permission;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import dev.slipway.workflows.run.OnConflict;
import dev.slipway.workflows.run.OnFailure;
import dev.slipway.workflows.run.Operation;
import dev.slipway.workflows.run.RunRequest;
import dev.slipway.workflows.run.RunState;
import dev.slipway.workflows.run.Scope;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/** Plans and runs over the API. */
@RestController
@Needs(value = Permission.VIEW, at = At.RUN)
@RequestMapping("/api/v1")
@Tag(name = "runs")
final class RunApi {
    /** A month. */
    private static final int LONGEST_WAIT = 30 * 24 * 60 * 60;

    private final RunOrders orders;
    private final Access access;
    private final Runs runs;
    private final RunStore store;
    private final RunViews views;
    private final StepLog log;
    private final Environments environments;
    private final Broadcaster broadcaster;
    private final RunEvents events;

    RunApi(
            Runs runs,
            RunStore store,
            RunViews views,
            StepLog log,
            Environments environments,
            Broadcaster broadcaster,
            RunEvents events,
            RunOrders orders,
            Access access) {
        this.orders = orders;
        this.access = access;
        this.runs = runs;
        this.store = store;
        this.views = views;
        this.log = log;
        this.environments = environments;
        this.broadcaster = broadcaster;
        this.events = events;
    }

    /**
     * What is to be done.
     *
     * @param operation {@code deploy}, the default under an environment; {@code build}, {@code restart}, {@code scale},
     *     {@code destroy}
     * @param components which part it is about; {@code null} or empty: everything
     * @param withDependencies of a deploy: and what these components need, directly or not; {@code null}: no
     * @param replicas of a scaling: how many of which component
     * @param volumes of a destruction: {@code keep}, the default, or {@code delete}
     * @param subject {@code {environment: name}}; not needed under an environment
     * @param plan hash of the plan that was agreed to; {@code null}: none was looked at
     * @param onConflict {@code take}, {@code leave} or {@code stop}, the default: what becomes of fields that somebody else
     *     has set
     */
    record NewRun(
            @Nullable String operation,
            @Nullable List<String> components,
            @Nullable Boolean withDependencies,
            @Nullable Map<String, Integer> replicas,
            @Nullable String volumes,
            @Nullable Map<String, String> subject,
            @Nullable String plan,
            @Nullable String onConflict,
            @Nullable String onFailure,
            @Nullable Integer answerWithin) {}

    /**
     * An answer.
     *
     * @param question its id; {@code null}: the only one that is open
     * @param choice one of those that the question offers
     * @param reason needed for {@code skip}
     * @param inputs for {@code edit}: those fields of the question's form that are to change
     */
    record NewAnswer(
            @Nullable String question,
            String choice,
            @Nullable String reason,
            @Nullable Map<String, String> inputs) {}

    /** @param step id of the step; {@code null}: the whole run */
    record Place(@Nullable String step) {}

    /** @param confirm the run's id once more: nothing is undone or tidied up */
    record Confirmed(@Nullable String confirm) {}

    @PostMapping("/runs")
    @ApiResponse(responseCode = "202", description = "Accepted; Location is the run")
    @Needs(value = Permission.DEPLOY, at = At.ANYWHERE)
    ResponseEntity<RunView> start(
            @RequestBody NewRun wanted,
            @Parameter(description = "The same key for the same environment gives the same run")
                    @RequestHeader(name = "Idempotency-Key", required = false)
                    @Nullable
                    String key,
            Caller caller,
            Locale locale) {
        return start(environmentOf(wanted), wanted, key, caller, locale);
    }

    @PostMapping("/environments/{environment}/runs")
    @ApiResponse(responseCode = "202", description = "Accepted; Location is the run")
    @Needs(value = Permission.DEPLOY, at = At.ENVIRONMENT)
    ResponseEntity<RunView> startIn(
            @PathVariable("environment") String environment,
            @RequestBody(required = false) @Nullable NewRun wanted,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
            Caller caller,
            Locale locale) {
        return start(environments.named(environment), wanted, key, caller, locale);
    }

    /** @param volumes {@code keep}, the default, or {@code delete} */
    @DeleteMapping("/environments/{environment}")
    @ApiResponse(responseCode = "202", description = "Accepted: a run that destroys it; Location is the run")
    @Needs(value = Permission.OPERATE, at = At.ENVIRONMENT)
    ResponseEntity<RunView> destroy(
            @PathVariable("environment") String environment,
            @RequestParam(name = "volumes", required = false) @Nullable String volumes,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
            Caller caller,
            Locale locale) {
        NewRun wanted = new NewRun("destroy", null, null, null, volumes, null, null, null, null, null);
        return start(environments.named(environment), wanted, key, caller, locale);
    }

    private ResponseEntity<RunView> start(
            StoredEnvironment environment,
            @Nullable NewRun wanted,
            @Nullable String key,
            Caller caller,
            Locale locale) {
        if (key != null) {
            Repeats.checked(key);
        }
        StoredRun run = runs.start(
                new RunRequest(
                        scope(wanted),
                        environment.id(),
                        caller.door(),
                        caller.name(),
                        wanted == null ? null : wanted.plan(),
                        onConflict(wanted),
                        onFailure(wanted),
                        answerWithin(wanted),
                        key == null ? Ids.next() : key),
                caller);
        return ResponseEntity.accepted()
                .location(URI.create("/api/v1/runs/" + run.id()))
                .body(views.view(run.id(), locale));
    }

    @Costly
    @ChangesNothing
    @PostMapping("/plans")
    @Needs(value = Permission.DEPLOY, at = At.ANYWHERE)
    PlanView plan(@RequestBody NewRun wanted) {
        return plan(environmentOf(wanted), wanted);
    }

    @Costly
    @ChangesNothing
    @PostMapping("/environments/{environment}/plans")
    @Needs(value = Permission.DEPLOY, at = At.ENVIRONMENT)
    PlanView planIn(
            @PathVariable("environment") String environment, @RequestBody(required = false) @Nullable NewRun wanted) {
        return plan(environments.named(environment), wanted);
    }

    /** Conflicts that wait for a choice are part of the plan; whatever else speaks against it is the answer instead. */
    private PlanView plan(StoredEnvironment environment, @Nullable NewRun wanted) {
        StoredPlan plan = runs.preview(environment.id(), scope(wanted), onConflict(wanted));
        List<Problem> problems = plan.skeleton().problems();
        if (problems.stream().anyMatch(problem -> problem.code() != ProblemCode.KUBERNETES_CONFLICT)) {
            throw new ProblemException(problems);
        }
        return PlanView.of(plan);
    }

    @GetMapping("/runs")
    @Needs(value = Permission.VIEW, at = At.ANYWHERE)
    Page<RunRow> list(
            @RequestParam(name = "environment", required = false) @Nullable String environment,
            @RequestParam(name = "operation", required = false) @Nullable String operation,
            @RequestParam(name = "state", required = false) @Nullable String state,
            @RequestParam(name = "after", required = false) @Nullable Long after,
            @RequestParam(name = "limit", defaultValue = "50") int limit,
            Caller caller) {
        List<StoredRun> some = store.list(
                access.sight(caller),
                environment == null ? null : environments.named(environment).id(),
                operation == null ? null : word("operation", operation, Operation.values(), Operation::word),
                state == null ? null : word("state", state, RunState.values(), RunState::word),
                after == null ? Long.MAX_VALUE : after,
                Page.limit(limit) + 1);
        return Page.of(some, Page.limit(limit), run -> Long.toString(run.position()), Environments::row);
    }

    @GetMapping("/runs/{run}")
    RunView one(@PathVariable("run") String run, Locale locale) {
        return views.view(run, locale);
    }

    @GetMapping(path = "/runs/{run}/events", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    SseEmitter events(
            @PathVariable("run") String run,
            @RequestHeader(name = "Last-Event-ID", required = false) @Nullable String lastEventId,
            Locale locale) {
        views.now(run);
        return broadcaster.open("api/run/" + run, () -> events.of(run), locale, lastEventId);
    }

    /** @param after id of the last line seen */
    @GetMapping("/runs/{run}/log")
    Page<Line> log(
            @PathVariable("run") String run,
            @RequestParam(name = "step", defaultValue = "") String step,
            @RequestParam(name = "after", defaultValue = "0") long after,
            @RequestParam(name = "limit", defaultValue = "200") int limit) {
        store.byId(run);
        List<Line> some = log.read(run, step, after, Page.limit(limit) + 1);
        return Page.of(some, Page.limit(limit), line -> Long.toString(line.id()), RunApi::plain);
    }

    private static Line plain(Line line) {
        return new Line(line.id(), line.stepId(), line.at(), Ansi.plain(line.text()));
    }

    @PostMapping("/runs/{run}/cancel")
    @ResponseStatus(HttpStatus.ACCEPTED)
    @Needs(value = Permission.DEPLOY, at = At.RUN)
    RunView cancel(@PathVariable("run") String run, Locale locale) {
        runs.cancel(run);
        return views.view(run, locale);
    }

    /** Answers a question of the run; the first answer counts. */
    @PostMapping("/runs/{run}/answers")
    @Needs(value = Permission.DEPLOY, at = At.RUN)
    RunView answer(@PathVariable("run") String run, @RequestBody NewAnswer answer, Caller caller, Locale locale) {
        if (answer.choice() == null) {
            throw invalid("choice", "retry, edit, skip, rollBack, stop, approve, reject");
        }
        Map<String, String> inputs = answer.inputs() == null ? Map.of() : answer.inputs();
        if (inputs.values().stream().anyMatch(Objects::isNull)) {
            throw invalid("inputs", "{field: text}");
        }
        var unused = orders.answer(run, answer.question(), answer.choice(), answer.reason(), inputs, caller);
        return views.view(run, locale);
    }

    /** Nothing new starts; what runs goes on to its end. */
    @PostMapping("/runs/{run}/pause")
    @Needs(value = Permission.DEPLOY, at = At.RUN)
    RunView pause(
            @PathVariable("run") String run,
            @RequestBody(required = false) @Nullable Place place,
            Caller caller,
            Locale locale) {
        orders.pause(run, place == null ? null : place.step(), caller);
        return views.view(run, locale);
    }

    /** Takes a pause back; without a step all of them. */
    @PostMapping("/runs/{run}/resume")
    @Needs(value = Permission.DEPLOY, at = At.RUN)
    RunView resume(
            @PathVariable("run") String run,
            @RequestBody(required = false) @Nullable Place place,
            Caller caller,
            Locale locale) {
        orders.resume(run, place == null ? null : place.step(), caller);
        return views.view(run, locale);
    }

    /** A step that waits for its next attempt, or has asked, is tried again now. */
    @PostMapping("/runs/{run}/retry")
    @Needs(value = Permission.DEPLOY, at = At.RUN)
    RunView retry(@PathVariable("run") String run, @RequestBody Place place, Caller caller, Locale locale) {
        if (place.step() == null) {
            throw invalid("step", "deploy/…");
        }
        orders.retry(run, place.step(), caller);
        return views.view(run, locale);
    }

    /** Ends the run and leaves what it has done. */
    @PostMapping("/runs/{run}/stop")
    @ResponseStatus(HttpStatus.ACCEPTED)
    @Needs(value = Permission.DEPLOY, at = At.RUN)
    RunView stop(@PathVariable("run") String run, Caller caller, Locale locale) {
        orders.stop(run, caller);
        return views.view(run, locale);
    }

    /** Ends the run from outside: nothing is undone, nothing is tidied up, what it was doing may go on for a moment. */
    @PostMapping("/runs/{run}/terminate")
    @ResponseStatus(HttpStatus.ACCEPTED)
    @Needs(value = Permission.OPERATE, at = At.RUN)
    RunView terminate(
            @PathVariable("run") String run,
            @RequestBody(required = false) @Nullable Confirmed confirmed,
            Caller caller,
            Locale locale) {
        orders.terminate(run, confirmed == null ? null : confirmed.confirm(), caller);
        return views.view(run, locale);
    }

    private StoredEnvironment environmentOf(NewRun wanted) {
        Map<String, String> subject = wanted.subject();
        String environment = subject == null || subject.size() != 1 ? null : subject.get("environment");
        if (environment == null) {
            throw invalid("subject", "{\"environment\": name}");
        }
        return environments.named(environment);
    }

    private static Scope scope(@Nullable NewRun wanted) {
        if (wanted == null) {
            return Scope.whole(Operation.DEPLOY);
        }
        if (wanted.components() != null && wanted.components().stream().anyMatch(Objects::isNull)) {
            throw invalid("components", "[name, …]");
        }
        return new Scope(
                AskedScope.operation(wanted.operation()),
                wanted.components(),
                Boolean.TRUE.equals(wanted.withDependencies()),
                wanted.replicas(),
                AskedScope.deletes(wanted.volumes()));
    }

    private static OnConflict onConflict(@Nullable NewRun wanted) {
        String choice = wanted == null ? null : wanted.onConflict();
        return choice == null ? OnConflict.STOP : word("onConflict", choice, OnConflict.values(), OnConflict::word);
    }

    private static OnFailure onFailure(@Nullable NewRun wanted) {
        String choice = wanted == null ? null : wanted.onFailure();
        return choice == null ? OnFailure.STOP : word("onFailure", choice, OnFailure.values(), OnFailure::word);
    }

    private static int answerWithin(@Nullable NewRun wanted) {
        Integer seconds = wanted == null ? null : wanted.answerWithin();
        if (seconds == null) {
            return 0;
        }
        if (seconds < 60 || seconds > LONGEST_WAIT) {
            throw invalid("answerWithin", "60 … " + LONGEST_WAIT);
        }
        return seconds;
    }

    private static <T> T word(String field, String wanted, T[] known, Function<T, String> word) {
        return Arrays.stream(known)
                .filter(one -> word.apply(one).equals(wanted))
                .findFirst()
                .orElseThrow(() -> invalid(
                        field, String.join(", ", Arrays.stream(known).map(word).toList())));
    }

    private static ProblemException invalid(String field, String expected) {
        return new ProblemException(Problem.of(ProblemCode.REQUEST_INVALID, field, "reason", field + ": " + expected));
    }
}
