package dev.slipway.web.chat;

import dev.slipway.activities.notify.ChatAnswer;
import dev.slipway.activities.notify.Outbox;
import dev.slipway.activities.store.ChatStore;
import dev.slipway.activities.store.ChatStore.Account;
import dev.slipway.activities.store.ChatStore.ChatUser;
import dev.slipway.activities.store.ChatStore.Command;
import dev.slipway.activities.store.ChatStore.Connection;
import dev.slipway.activities.store.ChatStore.Linked;
import dev.slipway.activities.store.EnvironmentStore;
import dev.slipway.activities.store.EnvironmentStore.StoredEnvironment;
import dev.slipway.activities.store.RunStore;
import dev.slipway.activities.store.RunStore.StoredRun;
import dev.slipway.activities.store.Secret;
import dev.slipway.activities.threads.DaemonThreads;
import dev.slipway.web.SlipwaySettings;
import dev.slipway.web.SlipwaySettings.Role;
import dev.slipway.web.access.Access;
import dev.slipway.web.access.Caller;
import dev.slipway.web.chat.ChatProvider.Typed;
import dev.slipway.web.environments.EnvironmentView;
import dev.slipway.web.environments.EnvironmentView.ComponentView;
import dev.slipway.web.environments.Environments;
import dev.slipway.web.problems.ProblemTexts;
import dev.slipway.web.runs.RunOrders;
import dev.slipway.web.runs.Runs;
import dev.slipway.web.shell.Wordings;
import dev.slipway.workflows.people.Permission;
import dev.slipway.workflows.people.Subject;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import dev.slipway.workflows.run.Answer;
import dev.slipway.workflows.run.OnConflict;
import dev.slipway.workflows.run.Operation;
import dev.slipway.workflows.run.RunRequest;
import dev.slipway.workflows.run.RunState;
import dev.slipway.workflows.run.Scope;
import dev.slipway.workflows.run.Trigger;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Does what commands want, after the chat has its answer, and tells how it went. A command is a row before it is worked on: after
 * a crash, or when the engine stays away, it is taken up again, by whichever process is there, and its run is the same one.
 */
@Component
final class ChatDesk implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(ChatDesk.class);
    /** Most of their time they wait for the engine, which is not faster for being asked by more at once when it is slow. */
    private static final int WORKERS = 16;

    private static final int QUEUE = 20_000;
    private static final Duration LEASE = Duration.ofMinutes(2);
    private static final Duration FRESH = Duration.ofSeconds(10);
    private static final Duration LINK_VALID = Duration.ofMinutes(10);
    private static final Duration KEPT = Duration.ofDays(30);
    private static final Duration CONNECTIONS_FRESH = Duration.ofSeconds(1);
    private static final int MOST_ATTEMPTS = 10;
    private static final int RUNS_SHOWN = 5;
    private static final int RUNS_READ = 50;
    private static final int COMPONENTS_SHOWN = 10;

    private final ChatStore store;
    private final Outbox outbox;
    private final Runs runs;
    private final RunOrders orders;
    private final RunStore runStore;
    private final EnvironmentStore environments;
    private final Environments views;
    private final Access access;
    private final Wordings wordings;
    private final ProblemTexts problems;
    private final ChatLinks links;
    private final Map<String, ChatProvider> providers;
    private final boolean open;
    private final Set<String> waiting = ConcurrentHashMap.newKeySet();
    private final ThreadPoolExecutor workers = new ThreadPoolExecutor(
            WORKERS, WORKERS, 30, TimeUnit.SECONDS, new LinkedBlockingQueue<>(QUEUE), DaemonThreads.named("chat-desk"));
    private final ScheduledExecutorService clock =
            Executors.newSingleThreadScheduledExecutor(DaemonThreads.named("chat-keeper"));
    private volatile boolean running;
    private volatile @Nullable Known known;

    /** @param at no later than what they are as of */
    private record Known(List<Connection> connections, long at) {
        boolean isOld() {
            return System.nanoTime() - at > CONNECTIONS_FRESH.toNanos();
        }
    }

    ChatDesk(
            ChatStore store,
            Outbox outbox,
            Runs runs,
            RunOrders orders,
            RunStore runStore,
            EnvironmentStore environments,
            Environments views,
            Access access,
            Wordings wordings,
            ProblemTexts problems,
            ChatLinks links,
            List<ChatProvider> providers,
            SlipwaySettings settings) {
        this.store = store;
        this.outbox = outbox;
        this.runs = runs;
        this.orders = orders;
        this.runStore = runStore;
        this.environments = environments;
        this.views = views;
        this.access = access;
        this.wordings = wordings;
        this.problems = problems;
        this.links = links;
        this.providers = providers.stream().collect(Collectors.toMap(ChatProvider::word, Function.identity()));
        this.open = settings.hasRole(Role.WEB);
        workers.allowCoreThreadTimeOut(true);
    }

    /** All of them, as they were a second ago at most. */
    List<Connection> connections() {
        Known now = known;
        return (now == null || now.isOld() ? renewed() : now).connections();
    }

    /** However many come when a second is over, the store is asked once. */
    private synchronized Known renewed() {
        Known now = known;
        if (now == null || now.isOld()) {
            long asked = System.nanoTime();
            now = new Known(store.connections(), asked);
            known = now;
        }
        return now;
    }

    /** Connections have changed. */
    void forgetConnections() {
        known = null;
    }

    /** What somebody wants, and what can be told at once. */
    ChatTalk talk(ChatUser who, Typed typed, String address) {
        Optional<Linked> linked = store.linked(who.connection(), who.team(), who.user());
        Optional<Account> account = linked.map(Linked::account);
        Optional<Caller> caller = linked.flatMap(somebody -> ChatPeople.caller(somebody, address));
        ChatWords words = words(account);
        return new ChatTalk(
                who,
                typed.command(),
                typed.text(),
                caller.isPresent(),
                words,
                (verb, argument) -> said(verb, argument, who, account, caller, words));
    }

    private ChatWords words(Optional<Account> account) {
        Locale locale =
                account.map(linked -> Locale.forLanguageTag(linked.locale())).orElse(Locale.ENGLISH);
        return new ChatWords(wordings.in(locale), problems);
    }

    private String said(
            Verb verb,
            @Nullable String argument,
            ChatUser who,
            Optional<Account> account,
            Optional<Caller> caller,
            ChatWords words) {
        try {
            return switch (verb) {
                case LINK ->
                    words.text("chat.link", links.link(store.offerLink(who, LINK_VALID)), (int) LINK_VALID.toMinutes());
                case UNLINK ->
                    account.isPresent() && store.unlink(account.get().id())
                            ? words.text("chat.unlinked")
                            : words.text("chat.wasNotLinked");
                case STATUS -> status(environment(caller.orElseThrow(), String.valueOf(argument)), words);
                case RUNS -> list(caller.orElseThrow(), argument, words);
                case DEPLOY, CANCEL, ANSWER, HELP -> "";
            };
        } catch (ProblemException refused) {
            return words.problems(refused.problems());
        }
    }

    /** @throws ProblemException {@code SLP-ENV-UNKNOWN}: there is none, or it is not for this caller to see */
    private StoredEnvironment environment(Caller caller, String name) {
        return environments
                .byName(name)
                .filter(environment -> sees(caller, environment))
                .orElseThrow(() -> EnvironmentStore.unknown(name));
    }

    private static boolean sees(Caller caller, StoredEnvironment environment) {
        return caller.may(Permission.VIEW, Subject.environment(environment.applicationId(), environment.id()));
    }

    private String status(StoredEnvironment environment, ChatWords words) {
        EnvironmentView view = views.view(environment);
        StringBuilder text = new StringBuilder(words.text(
                "chat.status",
                view.name(),
                words.word("state", view.release() == null ? "new" : view.state()),
                links.environment(view.name())));
        List<ComponentView> unwell = view.components().stream()
                .filter(component -> !component.state().equals("healthy"))
                .toList();
        for (ComponentView component : unwell.subList(0, Math.min(COMPONENTS_SHOWN, unwell.size()))) {
            text.append("\n")
                    .append(words.text("chat.component", component.name(), words.word("state", component.state())))
                    .append(component.reason().isEmpty() ? "" : ": " + words.reason(component.reason()));
        }
        if (unwell.size() > COMPONENTS_SHOWN) {
            text.append("\n").append(words.text("chat.more", unwell.size() - COMPONENTS_SHOWN));
        }
        return text.toString();
    }

    private String list(Caller caller, @Nullable String name, ChatWords words) {
        String environmentId = name == null ? null : environment(caller, name).id();
        List<StoredRun> seen =
                runStore.list(access.sight(caller), environmentId, null, null, Long.MAX_VALUE, RUNS_SHOWN);
        if (seen.isEmpty()) {
            return words.text("chat.runs.none");
        }
        return seen.stream()
                .map(run -> words.text(
                        "chat.run",
                        words.word("operation", run.operation().word()),
                        run.environmentName(),
                        Long.toString(run.number()),
                        words.word(
                                "state",
                                run.outcome() == null
                                        ? run.state().word()
                                        : run.outcome().word()),
                        run.actor(),
                        links.run(run.id())))
                .collect(Collectors.joining("\n"));
    }

    /** Soon; returns at once. A command that is offered twice is done once. */
    void offer(String id) {
        if (waiting.add(id)) {
            try {
                workers.execute(() -> {
                    waiting.remove(id);
                    work(id);
                });
            } catch (RejectedExecutionException later) {
                waiting.remove(id);
            }
        }
    }

    private void work(String id) {
        try {
            store.take(id, LEASE).ifPresent(this::work);
        } catch (RuntimeException notNow) {
            LOG.warn("command {} waits for another attempt", id, notNow);
        }
    }

    private void work(Command command) {
        Optional<Linked> linked = store.linked(command.connection(), command.team(), command.user());
        Optional<Caller> caller = linked.flatMap(somebody -> ChatPeople.caller(somebody, ""));
        ChatWords words = words(linked.map(Linked::account));
        if (caller.isEmpty()) {
            finish(command, words.text("chat.gone"));
            return;
        }
        List<String> said = Verb.words(command.text());
        Verb verb = Verb.of(said.get(0).toLowerCase(Locale.ROOT)).orElseThrow();
        try {
            if (verb == Verb.DEPLOY) {
                deploy(command, caller.get(), said.get(1), words);
            } else if (verb == Verb.ANSWER) {
                answer(command, caller.get(), said, words);
            } else {
                cancel(command, caller.get(), said.get(1), words);
            }
        } catch (ProblemException refused) {
            boolean passes = refused.problem().code().remedy() == ProblemCode.Remedy.WAIT
                    && refused.problem().code() != ProblemCode.RUN_QUEUE_FULL;
            if (!passes || command.attempts() >= MOST_ATTEMPTS) {
                finish(command, words.problems(refused.problems()));
            }
            // Else it is taken up again when its lease is over.
        }
    }

    private void deploy(Command command, Caller caller, String name, ChatWords words) {
        StoredEnvironment environment = environment(caller, name);
        StoredRun run = runs.start(
                new RunRequest(
                        Scope.whole(Operation.DEPLOY),
                        environment.id(),
                        Trigger.CHAT,
                        caller.name(),
                        null,
                        OnConflict.STOP,
                        "chat/" + command.id()),
                caller);
        boolean told = tell(
                command,
                "started",
                run.id(),
                words.text("chat.started", environment.name(), Long.toString(run.number()), links.run(run.id()), (int)
                        provider(command).answersFor().toMinutes()));
        if (told) {
            store.started(command.id(), run.id());
        } else {
            store.pin(command.id(), run.id());
            store.done(command.id());
        }
    }

    private void cancel(Command command, Caller caller, String target, ChatWords words) {
        StoredRun run = command.runId() == null ? open(caller, target) : runStore.byId(command.runId());
        StoredEnvironment environment = environments.byId(run.environmentId());
        access.require(caller, Permission.DEPLOY, Subject.environment(environment.applicationId(), environment.id()));
        // A second attempt must not end the run after this one.
        store.pin(command.id(), run.id());
        try {
            runs.cancel(run.id());
        } catch (ProblemException refused) {
            boolean again = command.attempts() > 1 && refused.problem().code() == ProblemCode.RUN_FINISHED;
            if (!again) {
                throw refused;
            }
        }
        finish(
                command,
                words.text("chat.cancelled", environment.name(), Long.toString(run.number()), links.run(run.id())));
    }

    /** The only question that the run has open; the same answer of a second attempt is the first one. */
    private void answer(Command command, Caller caller, List<String> said, ChatWords words) {
        StoredRun run = command.runId() == null ? open(caller, said.get(1)) : runStore.byId(command.runId());
        StoredEnvironment environment = environments.byId(run.environmentId());
        store.pin(command.id(), run.id());
        String reason = String.join(" ", said.subList(3, said.size()));
        Answer counted = orders.answer(run.id(), null, said.get(2), reason, Map.of(), caller);
        finish(
                command,
                words.text(
                        "chat.answered",
                        environment.name(),
                        Long.toString(run.number()),
                        words.word("choice", counted.choice().word()),
                        links.run(run.id())));
    }

    /** By its id, or the run that an environment is at. */
    private StoredRun open(Caller caller, String target) {
        Optional<StoredRun> byId =
                runStore.find(target).filter(run -> sees(caller, environments.byId(run.environmentId())));
        if (byId.isPresent()) {
            return byId.get();
        }
        StoredEnvironment environment = environment(caller, target);
        List<StoredRun> all = runStore.list(environment.id(), null, null, Long.MAX_VALUE, RUNS_READ).stream()
                .filter(run -> run.state() != RunState.FINISHED)
                .toList();
        if (all.isEmpty()) {
            throw new ProblemException(Problem.of(ProblemCode.CHAT_NOTHING_OPEN, target, "environment", target));
        }
        return all.get(all.size() - 1);
    }

    private void finish(Command command, String text) {
        tell(command, "answer", command.runId(), text);
        store.done(command.id());
    }

    /** Whether it will be sent. */
    private boolean tell(Command command, String key, @Nullable String runId, String text) {
        Secret address = command.responseUrl();
        ChatProvider provider = provider(command);
        return address != null
                && outbox.chat(new ChatAnswer(
                        command.id(),
                        address,
                        provider.answer(text),
                        command.receivedAt().plus(provider.answersFor()),
                        provider.answers(),
                        key,
                        runId));
    }

    private ChatProvider provider(Command command) {
        String word = connections().stream()
                .filter(one -> one.name().equals(command.connection()))
                .findFirst()
                .orElseThrow()
                .provider();
        return Optional.ofNullable(providers.get(word))
                .orElseThrow(() -> new IllegalStateException("no provider " + word));
    }

    private void round() {
        try {
            store.waiting(FRESH, QUEUE / 10).forEach(this::offer);
            for (Command command : store.over(LEASE, 50)) {
                String runId = command.runId();
                if (runId != null
                        && Instant.now()
                                .isBefore(command.receivedAt()
                                        .plus(provider(command).answersFor()))) {
                    outcome(command, runStore.byId(runId));
                }
                store.done(command.id());
            }
        } catch (RuntimeException notNow) {
            // The store is away; the next round will do.
            LOG.debug("commands of chats are not looked after", notNow);
        }
    }

    private void outcome(Command command, StoredRun run) {
        ChatWords words = words(store.linked(command.connection(), command.team(), command.user())
                .map(Linked::account));
        String outcome = run.outcome() == null ? "" : run.outcome().word();
        String text = words.text(
                "chat.outcome",
                words.word("operation", run.operation().word()),
                run.environmentName(),
                Long.toString(run.number()),
                words.word("state", outcome),
                links.run(run.id()));
        List<Problem> why = run.progress() == null ? List.of() : run.progress().problems();
        tell(command, "outcome", run.id(), why.isEmpty() ? text : text + "\n" + words.problems(why));
    }

    @Override
    public void start() {
        running = true;
        if (open) {
            var unused = clock.scheduleWithFixedDelay(this::round, 1, 1, TimeUnit.SECONDS);
            var daily = clock.scheduleWithFixedDelay(
                    () -> {
                        try {
                            store.forget(KEPT);
                        } catch (RuntimeException notNow) {
                            LOG.debug("old commands are not forgotten", notNow);
                        }
                    },
                    1,
                    60,
                    TimeUnit.MINUTES);
        }
    }

    @Override
    public void stop() {
        running = false;
        clock.shutdownNow();
        // Whoever waits for the engine is interrupted; its row is taken up again.
        workers.shutdownNow();
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
