package dev.slipway.web.hooks;

import dev.slipway.activities.git.GitRef;
import dev.slipway.activities.store.ApplicationStore;
import dev.slipway.activities.store.EnvironmentStore.StoredEnvironment;
import dev.slipway.activities.store.Push;
import dev.slipway.activities.store.PushRuleStore;
import dev.slipway.activities.store.PushRuleStore.StoredRule;
import dev.slipway.activities.store.Reason;
import dev.slipway.web.environments.Environments;
import dev.slipway.web.hooks.DeliveryView.ReasonView;
import dev.slipway.web.hooks.Judge.Judgement;
import dev.slipway.workflows.application.Application;
import dev.slipway.workflows.application.ApplicationReader;
import dev.slipway.workflows.application.Component;
import dev.slipway.workflows.problem.ProblemException;
import dev.slipway.workflows.run.Scope;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The rules of environments: which pushes start what. */
@org.springframework.stereotype.Component
final class PushRules {
    /** So many rules an environment may have. */
    private static final int MOST = 20;

    private final PushRuleStore store;
    private final RuleBook book;
    private final Environments environments;
    private final ApplicationStore applications;
    private final DeliveryViews views;

    PushRules(
            PushRuleStore store,
            RuleBook book,
            Environments environments,
            ApplicationStore applications,
            DeliveryViews views) {
        this.store = store;
        this.book = book;
        this.environments = environments;
        this.applications = applications;
        this.views = views;
    }

    /** In the order in which they are tried. */
    List<RuleView> of(String environment) {
        return store.of(environments.named(environment).id()).stream()
                .map(RuleView::of)
                .toList();
    }

    /** @throws ProblemException {@code SLP-HOOK-RULE-UNKNOWN} */
    StoredRule one(String environment, String rule) {
        return store.byId(environments.named(environment).id(), rule);
    }

    /** @throws ProblemException with everything that is wrong; then nothing is kept */
    RuleView add(String environment, WantedRule wanted, String by) {
        StoredEnvironment known = environments.named(environment);
        return RuleView.of(store.add(known.id(), wanted.checked(application(known)), by, MOST));
    }

    /** @throws ProblemException with everything that is wrong; then the rule is as it was */
    RuleView change(String environment, String rule, WantedRule wanted, String by) {
        StoredEnvironment known = environments.named(environment);
        return RuleView.of(store.change(known.id(), rule, wanted.checked(application(known)), by));
    }

    void remove(String environment, String rule) {
        store.remove(environments.named(environment).id(), rule);
    }

    /** Names, in the document's order. */
    List<String> components(String environment) {
        Application application = application(environments.named(environment));
        return application == null
                ? List.of()
                : application.components().stream().map(Component::name).toList();
    }

    private @Nullable Application application(StoredEnvironment environment) {
        return ApplicationReader.read(
                        applications.byId(environment.applicationId()).document())
                .value();
    }

    /**
     * A repository that an environment is made from, and what is followed there.
     *
     * @param followed branches and tags, {@code HEAD} for the default branch
     */
    record Repository(String url, List<String> followed, List<String> components) {}

    List<Repository> repositories(String environment) {
        Followed followed = book.followed(environments.named(environment));
        Map<String, List<Followed.Place>> byUrl = new LinkedHashMap<>();
        followed.places()
                .forEach(place -> byUrl.computeIfAbsent(place.url(), url -> new ArrayList<>())
                        .add(place));
        return byUrl.entrySet().stream()
                .map(entry -> {
                    Followed here = new Followed(entry.getValue(), followed.deployed());
                    return new Repository(entry.getKey(), here.shown(null), here.components());
                })
                .toList();
    }

    /**
     * A push that somebody makes up.
     *
     * @param repository empty: the first that the environment is made from
     * @param ref name of the branch or tag
     * @param files none: not all are known
     */
    record Trial(
            @Nullable String repository,
            @Nullable String ref,
            @Nullable Boolean tag,
            @Nullable List<String> files,
            @Nullable String message) {}

    /**
     * What a rule says about it.
     *
     * @param starts whether it starts something
     * @param operation {@code null}: nothing is started
     * @param components none: all
     */
    record Tried(
            String rule,
            boolean starts,
            ReasonView reason,
            @Nullable String operation,
            List<String> components) {}

    /** What each rule says about a push that never was; nothing is started. */
    List<Tried> tried(String environment, Trial trial, Locale locale) {
        StoredEnvironment known = environments.named(environment);
        Followed followed = book.followed(known);
        String repository = trial.repository() == null || trial.repository().isBlank()
                ? followed.places().stream()
                        .map(Followed.Place::url)
                        .findFirst()
                        .orElse("")
                : trial.repository().strip();
        List<String> files = trial.files() == null ? List.of() : trial.files();
        Push push = new Push(
                Boolean.TRUE.equals(trial.tag()),
                Payloads.shown(trial.ref() == null ? "" : trial.ref()),
                null,
                null,
                List.of(repository),
                defaultBranch(followed, repository),
                1,
                trial.message() == null ? "" : trial.message(),
                files.stream().filter(file -> file != null).map(Payloads::shown).toList(),
                !files.isEmpty(),
                "");
        List<Tried> all = new ArrayList<>();
        for (StoredRule stored : store.of(known.id())) {
            Optional<Judgement> judgement = Judge.judge(stored.rule(), push, followed);
            Scope scope = judgement.map(Judgement::scope).orElse(null);
            Reason reason = judgement
                    .map(Judgement::reason)
                    .orElseGet(() -> Reason.of(
                            "repository",
                            RepositoryAddress.of(repository)
                                    .map(RepositoryAddress::shown)
                                    .orElse(Payloads.shown(repository))));
            all.add(new Tried(
                    stored.id(),
                    scope != null,
                    views.reason(reason, locale),
                    scope == null ? null : scope.operation().word(),
                    scope == null ? List.of() : scope.components()));
            if (scope != null) {
                break;
            }
        }
        return all;
    }

    /** A trial cannot know it; {@code HEAD} stands for it, as in what is shown. */
    private static @Nullable String defaultBranch(Followed followed, String repository) {
        boolean asked = followed.places().stream()
                .anyMatch(place -> place.ref().kind() == GitRef.Kind.DEFAULT_BRANCH
                        && place.url().equals(repository));
        return asked ? null : "HEAD";
    }
}
