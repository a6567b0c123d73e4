package dev.slipway.activities.notify;

import dev.slipway.activities.notify.Outbox.Draft;
import dev.slipway.activities.notify.OutboxMessage.Channel;
import dev.slipway.activities.notify.Webhook.Event;
import dev.slipway.activities.store.Ids;
import dev.slipway.activities.store.PlanStore;
import dev.slipway.activities.store.PlanStore.Pins;
import dev.slipway.activities.store.RunListener;
import dev.slipway.activities.store.RunStore.StoredRun;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemException;
import dev.slipway.workflows.run.Operation;
import dev.slipway.workflows.run.Outcome;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Writes into the outbox what webhooks and git servers are to be told of a run, when it begins and when it is over. */
public final class Announcements implements RunListener {
    private static final Logger LOG = LoggerFactory.getLogger(Announcements.class);

    /** What only the edge knows: how things are said, and where pages are. */
    public interface Edge {
        Words words(Problem problem);

        /** @return {@code null}: nobody knows where people reach Slipway */
        @Nullable
        String runLink(String runId);
    }

    /** A problem in words. */
    public record Words(String code, String what, String where, String fix) {}

    private record Subject(String applicationId, String application, String environment) {}

    private final JdbcClient jdbc;
    private final Outbox outbox;
    private final WebhookStore webhooks;
    private final StatusHostStore hosts;
    private final PlanStore plans;
    private final Edge edge;

    public Announcements(
            JdbcClient jdbc, Outbox outbox, WebhookStore webhooks, StatusHostStore hosts, PlanStore plans, Edge edge) {
        this.jdbc = jdbc;
        this.outbox = outbox;
        this.webhooks = webhooks;
        this.hosts = hosts;
        this.plans = plans;
        this.edge = edge;
    }

    /** Tells a webhook something without meaning, to see whether it arrives. @return whether there is such a webhook */
    public boolean ping(String webhook) {
        String id = Ids.next();
        return webhooks.find(webhook)
                .map(known -> outbox.add(new Draft(
                        Channel.WEBHOOK,
                        webhook,
                        "webhook/" + webhook + "/ping/" + id,
                        "webhook/" + webhook + "/ping/" + id,
                        "ping",
                        null,
                        NotifyJson.write(new RunNews("ping", Instant.now().toString(), null)),
                        null,
                        Instant.now().plus(Outbox.PATIENCE))))
                .orElse(false);
    }

    @Override
    public void started(StoredRun run) {
        states(run, CommitState.PENDING, "deploying");
    }

    @Override
    public void finished(StoredRun run) {
        Outcome outcome = run.outcome();
        if (outcome == null) {
            return;
        }
        Subject subject = jdbc.sql("""
                        select a.id as application_id, a.name as application, e.name as environment
                        from environment e join application a on a.id = e.application_id where e.id = :id
                        """)
                .param("id", run.environmentId())
                .query(Subject.class)
                .single();
        List<Webhook> told = webhooks.of(subject.applicationId(), run.environmentId());
        if (!told.isEmpty()) {
            RunNews.Run news = news(run, outcome, subject);
            for (Webhook webhook : told) {
                for (Event event : Event.values()) {
                    if (webhook.events().contains(event) && happened(event, outcome)) {
                        tell(webhook, event, run, news);
                    }
                }
            }
        }
        states(run, CommitState.of(outcome), outcome.word());
    }

    private static boolean happened(Event event, Outcome outcome) {
        return switch (event) {
            case RUN_FINISHED -> true;
            case RUN_FAILED ->
                switch (outcome) {
                    case FAILED, REFUSED, ROLLED_BACK, ROLLBACK_INCOMPLETE, TERMINATED -> true;
                    case SUCCEEDED, UNCHANGED, CANCELLED, STOPPED, SUPERSEDED -> false;
                };
        };
    }

    private void tell(Webhook webhook, Event event, StoredRun run, RunNews.Run news) {
        String order = "webhook/" + webhook.name() + "/" + run.id();
        String at = (run.endedAt() == null ? Instant.now() : run.endedAt()).toString();
        outbox.add(new Draft(
                Channel.WEBHOOK,
                webhook.name(),
                order,
                order + "/" + event.word(),
                event.word(),
                run.id(),
                NotifyJson.write(new RunNews(event.word(), at, news)),
                null,
                Instant.now().plus(Outbox.PATIENCE)));
    }

    private RunNews.Run news(StoredRun run, Outcome outcome, Subject subject) {
        return new RunNews.Run(
                run.id(),
                run.number(),
                run.operation().word(),
                subject.application(),
                subject.environment(),
                outcome.word(),
                run.actor(),
                run.trigger().word(),
                text(run.startedAt()),
                text(run.endedAt()),
                edge.runLink(run.id()),
                problems(run));
    }

    private List<Words> problems(StoredRun run) {
        if (run.progress() == null) {
            return List.of();
        }
        Stream<Problem> steps = run.progress().steps().stream().flatMap(step -> Stream.ofNullable(step.problem()));
        return Stream.concat(run.progress().problems().stream(), steps)
                .distinct()
                .limit(RunNews.MOST_PROBLEMS)
                .map(edge::words)
                .toList();
    }

    private record Commit(String host, String repository, String sha) {}

    /** Of each commit that the run deploys, once, whatever is built of it. */
    private void states(StoredRun run, String state, String description) {
        if (run.operation() != Operation.DEPLOY) {
            return;
        }
        List<StatusHost> known = hosts.list();
        if (known.isEmpty()) {
            return;
        }
        for (Commit commit : commits(run, known)) {
            String context = "slipway/" + run.environmentName();
            String order = "status/" + commit.host() + "/" + commit.repository() + "/" + commit.sha() + "/" + context;
            if (state.equals(CommitState.PENDING)
                    && outbox.lastEvent(order)
                            .filter(CommitState.SUCCESS::equals)
                            .isPresent()) {
                continue; // A commit that was fine is not in doubt because it is deployed once more.
            }
            outbox.replace(new Draft(
                    Channel.STATUS,
                    commit.host(),
                    order,
                    order + "/" + run.id() + "/" + state,
                    state,
                    run.id(),
                    NotifyJson.write(new CommitState(
                            commit.repository(), commit.sha(), state, context, edge.runLink(run.id()), description)),
                    null,
                    Instant.now().plus(Outbox.PATIENCE)));
        }
    }

    private Set<Commit> commits(StoredRun run, List<StatusHost> known) {
        Set<Commit> commits = new LinkedHashSet<>();
        Pins pins;
        try {
            pins = plans.pins(run.id());
        } catch (ProblemException | IllegalStateException notPlanned) {
            LOG.debug("run {} has pinned nothing: no commit is told of it", run.id());
            return commits;
        }
        pins.sources().forEach((component, source) -> {
            if (pins.covers(component)) {
                known.forEach(host -> host.repository(source.url())
                        .ifPresent(path -> commits.add(new Commit(host.name(), path, source.commit()))));
            }
        });
        return commits;
    }

    private static @Nullable String text(@Nullable Instant instant) {
        return instant == null ? null : instant.toString();
    }
}
