package dev.slipway.web.hooks;

import dev.slipway.activities.git.GitRef;
import dev.slipway.activities.store.ApplicationStore;
import dev.slipway.activities.store.ApplicationStore.GitOrigin;
import dev.slipway.activities.store.ApplicationStore.StoredApplication;
import dev.slipway.activities.store.DeliveryStore.StoredDelivery;
import dev.slipway.activities.store.DeliveryStore.Verdict;
import dev.slipway.activities.store.EnvironmentStore;
import dev.slipway.activities.store.EnvironmentStore.StoredEnvironment;
import dev.slipway.activities.store.Push;
import dev.slipway.activities.store.PushRule;
import dev.slipway.activities.store.PushRuleStore;
import dev.slipway.activities.store.PushRuleStore.StoredRule;
import dev.slipway.activities.store.Reason;
import dev.slipway.activities.store.ReleaseStore;
import dev.slipway.web.hooks.Judge.Judgement;
import dev.slipway.workflows.application.Application;
import dev.slipway.workflows.application.ApplicationReader;
import dev.slipway.workflows.environment.Overrides;
import dev.slipway.workflows.environment.OverridesReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;

/** Asks the rules of all environments about a push. */
@Component
final class RuleBook {
    private static final Logger LOG = LoggerFactory.getLogger(RuleBook.class);

    private final PushRuleStore rules;
    private final EnvironmentStore environments;
    private final ApplicationStore applications;
    private final ReleaseStore releases;

    RuleBook(PushRuleStore rules, EnvironmentStore environments, ApplicationStore applications, ReleaseStore releases) {
        this.rules = rules;
        this.environments = environments;
        this.applications = applications;
        this.releases = releases;
    }

    /** What the rules that know the repository say; of an environment, none behind the first that starts something. */
    List<Verdict> ask(StoredDelivery delivery) {
        Push push = delivery.push();
        return push == null ? List.of() : ask(rules.all(), push);
    }

    private List<Verdict> ask(List<StoredRule> some, Push push) {
        Map<String, Followed> followed = new HashMap<>();
        Map<String, Read> documents = new HashMap<>();
        Set<String> started = new HashSet<>();
        List<Verdict> verdicts = new ArrayList<>();
        for (StoredRule stored : some) {
            PushRule rule = stored.rule();
            String environmentId = stored.environmentId();
            if (started.contains(environmentId)) {
                continue;
            }
            judge(stored, push, followed, documents).ifPresent(judgement -> {
                verdicts.add(new Verdict(
                        environmentId,
                        stored.id(),
                        judgement.reason(),
                        judgement.scope(),
                        rule.replace(),
                        Duration.ofSeconds(rule.debounceSeconds())));
                if (judgement.scope() != null) {
                    started.add(environmentId);
                }
            });
        }
        return verdicts;
    }

    /** One rule that cannot be asked keeps nobody else's push waiting. */
    private Optional<Judgement> judge(
            StoredRule stored, Push push, Map<String, Followed> followed, Map<String, Read> documents) {
        try {
            Followed all = followed.computeIfAbsent(
                    stored.environmentId(), id -> followed(environments.byId(id), documents, push));
            return Judge.judge(stored.rule(), push, all);
        } catch (DataAccessException storeAway) {
            throw storeAway;
        } catch (RuntimeException fault) {
            LOG.error("rule {} of environment {} could not be asked", stored.id(), stored.environmentId(), fault);
            return Optional.of(new Judgement(null, Reason.of("fault")));
        }
    }

    /** What an environment is made from. */
    Followed followed(StoredEnvironment environment) {
        return followed(environment, new HashMap<>(), null);
    }

    private record Read(
            @Nullable Application document, @Nullable GitOrigin origin) {}

    /** @param push whether there is a release is looked up only where it is about the environment; {@code null}: always */
    private Followed followed(StoredEnvironment environment, Map<String, Read> documents, @Nullable Push push) {
        Read read = documents.computeIfAbsent(environment.applicationId(), id -> {
            StoredApplication application = applications.byId(id);
            return new Read(ApplicationReader.read(application.document()).value(), application.origin());
        });
        Overrides overrides = environment.overrides().isBlank()
                ? null
                : OverridesReader.read(environment.overrides()).value();
        Followed followed = followed(read, overrides == null ? Overrides.NONE : overrides);
        return push != null && followed.from(push).isEmpty()
                ? followed
                : new Followed(
                        followed.places(), releases.newest(environment.id()).isPresent());
    }

    /** Of a document that cannot be read, where it is from is known at least: its deploy will tell what is wrong. */
    private static Followed followed(Read read, Overrides overrides) {
        if (read.document() != null) {
            return Followed.of(read.document(), read.origin(), overrides, false);
        }
        GitOrigin origin = read.origin();
        String branch = overrides.branch() != null || origin == null ? overrides.branch() : origin.branch();
        return new Followed(
                origin == null
                        ? List.of()
                        : List.of(new Followed.Place(
                                null, origin.url(), branch == null ? GitRef.defaultBranch() : GitRef.branch(branch))),
                false);
    }
}
