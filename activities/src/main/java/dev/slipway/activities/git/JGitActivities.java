package dev.slipway.activities.git;

import dev.slipway.activities.store.ApplicationStore;
import dev.slipway.activities.store.ApplicationStore.GitOrigin;
import dev.slipway.activities.store.ApplicationStore.StoredApplication;
import dev.slipway.activities.store.EnvironmentStore;
import dev.slipway.activities.store.EnvironmentStore.StoredEnvironment;
import dev.slipway.activities.store.KeptComponents;
import dev.slipway.activities.store.KeptComponents.Running;
import dev.slipway.activities.store.ParameterStore;
import dev.slipway.activities.store.PlanStore;
import dev.slipway.activities.store.PlanStore.PinnedSource;
import dev.slipway.activities.store.PlanStore.Pins;
import dev.slipway.workflows.application.Application;
import dev.slipway.workflows.application.ApplicationCheck;
import dev.slipway.workflows.application.ApplicationWriter;
import dev.slipway.workflows.application.Component;
import dev.slipway.workflows.application.Parameter;
import dev.slipway.workflows.application.Source;
import dev.slipway.workflows.contract.GitActivities;
import dev.slipway.workflows.contract.PlanCall;
import dev.slipway.workflows.contract.Problems;
import dev.slipway.workflows.environment.Overrides;
import dev.slipway.workflows.environment.OverridesReader;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import dev.slipway.workflows.run.Operation;
import dev.slipway.workflows.run.Scope;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Pins what a plan is about: the document at the environment's ref, and every git source at a commit and a tree. */
public final class JGitActivities implements GitActivities {
    /** Documents are refused beyond 1 MiB by their reader; a little more is fetched so that it is the one to say so. */
    private static final int LARGEST_DOCUMENT = (1 << 20) + 1;

    private final GitSource git;
    private final ApplicationStore applications;
    private final EnvironmentStore environments;
    private final ParameterStore parameters;
    private final PlanStore plans;
    private final KeptComponents kept;

    public JGitActivities(
            GitSource git,
            ApplicationStore applications,
            EnvironmentStore environments,
            ParameterStore parameters,
            PlanStore plans,
            KeptComponents kept) {
        this.git = git;
        this.applications = applications;
        this.environments = environments;
        this.parameters = parameters;
        this.plans = plans;
        this.kept = kept;
    }

    /** A document and the commit it was read at; the commit is {@code null} when it is kept in Slipway. */
    private record Document(
            String text,
            @Nullable GitOrigin origin,
            @Nullable String commit) {}

    @Override
    public void pin(PlanCall call) {
        try {
            environments.living(call.environmentId());
            if (plans.scope(call.planId()).operation() == Operation.DESTROY) {
                return; // What is there goes, whatever was wished.
            }
            var unused = plans.pinsOnce(call.planId(), () -> {
                StoredEnvironment environment = environments.byId(call.environmentId());
                Scope scope = plans.scope(call.planId());
                return scope.operation().readsSources() ? pins(environment, scope) : asItRuns(environment, scope);
            });
        } catch (ProblemException e) {
            throw Problems.failure(e);
        }
    }

    private Pins asItRuns(StoredEnvironment environment, Scope scope) {
        Running running = kept.of(environment.id())
                .orElseThrow(() -> new ProblemException(
                        Problem.of(ProblemCode.RUN_NOT_DEPLOYED, environment.name(), "name", environment.name())));
        return PartPins.asItRuns(scope, running);
    }

    private Pins pins(StoredEnvironment environment, Scope scope) {
        StoredApplication application = applications.byId(environment.applicationId());
        Overrides overrides = environment.overrides().isBlank()
                ? Overrides.NONE
                : OverridesReader.read(environment.overrides()).orElseThrow();
        Document document = document(application, overrides.branch());
        Application written = ApplicationCheck.read(document.text()).orElseThrow();
        if (document.origin() != null && overrides.branch() == null) {
            // Only what was found good, and only the application's own branch: another environment's is not its
            // document.
            applications.refresh(application.id(), document.text());
        }
        List<Problem> problems = new ArrayList<>(overrides.check(written));
        if (!problems.isEmpty()) {
            throw new ProblemException(problems);
        }
        Application wished = overrides.applyTo(written);
        problems.addAll(ApplicationCheck.check(wished));
        List<String> part = scope.of(wished);
        Map<String, String> values = parameterValues(environment, wished, overrides, problems);
        Map<String, PinnedSource> sources = new LinkedHashMap<>();
        List<Component> components = sources(wished, part, document, overrides.branch(), sources, problems);
        if (!problems.isEmpty()) {
            throw new ProblemException(problems);
        }
        Application pinned = new Application(
                wished.metadata(), wished.governance(), wished.parameters(), components, wished.manifests());
        return scope.isWhole()
                ? new Pins(ApplicationWriter.write(pinned), sources, values)
                : PartPins.deploy(
                        pinned, part, sources, values, kept.of(environment.id()).orElse(null));
    }

    private Document document(StoredApplication application, @Nullable String branchOverride) {
        GitOrigin origin = application.origin();
        if (origin == null) {
            return new Document(application.document(), null, null);
        }
        String branch = branchOverride == null ? origin.branch() : branchOverride;
        String commit = git.resolve(origin.url(), branch == null ? GitRef.defaultBranch() : GitRef.branch(branch));
        String text =
                new String(git.read(origin.url(), commit, origin.path(), LARGEST_DOCUMENT), StandardCharsets.UTF_8);
        return new Document(text, origin, commit);
    }

    private Map<String, String> parameterValues(
            StoredEnvironment environment, Application application, Overrides overrides, List<Problem> problems) {
        Map<String, String> values = new LinkedHashMap<>();
        var secrets = parameters.secrets(environment.id());
        for (Parameter parameter : application.parameters()) {
            String value = overrides.parameters().getOrDefault(parameter.name(), parameter.defaultValue());
            boolean secret = parameter.type() == Parameter.Type.SECRET;
            if (!secret && value != null) {
                values.put(parameter.name(), value);
            } else if (!secret || (!secrets.containsKey(parameter.name()) && parameter.generate() == 0)) {
                problems.add(Problem.of(
                        ProblemCode.ENVIRONMENT_PARAMETER_MISSING,
                        environment.name(),
                        "parameter",
                        parameter.name(),
                        "environment",
                        environment.name()));
            }
        }
        return values;
    }

    private List<Component> sources(
            Application application,
            List<String> part,
            Document document,
            @Nullable String branchOverride,
            Map<String, PinnedSource> pinned,
            List<Problem> problems) {
        Map<String, String> commits = new LinkedHashMap<>();
        List<Component> components = new ArrayList<>();
        for (Component component : application.components()) {
            if (!(component.source() instanceof Source.Git source) || !part.contains(component.name())) {
                components.add(component);
                continue;
            }
            try {
                PinnedSource pin = pin(component, source, document, branchOverride, commits);
                pinned.put(component.name(), pin);
                components.add(component.from(
                        new Source.Git(pin.url(), null, null, pin.commit(), source.path(), source.build())));
            } catch (ProblemException e) {
                problems.addAll(e.problems());
            }
        }
        return components;
    }

    private PinnedSource pin(
            Component component,
            Source.Git source,
            Document document,
            @Nullable String branchOverride,
            Map<String, String> commits) {
        GitOrigin origin = document.origin();
        String url = source.url() == null && origin != null ? origin.url() : source.url();
        if (url == null) {
            throw new ProblemException(
                    Problem.of(ProblemCode.DOC_MISSING, component.name() + ".source", "field", "git"));
        }
        // What names no ref of its own follows the environment's branch, or the document's commit.
        GitRef ref = GitRef.of(source, branchOverride);
        boolean sameAsDocument = document.commit() != null
                && origin != null
                && url.equals(origin.url())
                && ref.kind() == GitRef.Kind.DEFAULT_BRANCH;
        String commit = sameAsDocument && document.commit() != null
                ? document.commit()
                : commits.computeIfAbsent(url + "\n" + ref, key -> git.resolve(url, ref));
        String shown =
                ref.kind() == GitRef.Kind.DEFAULT_BRANCH && sameAsDocument && origin != null && origin.branch() != null
                        ? origin.branch()
                        : ref.name();
        return new PinnedSource(url, shown, commit, git.tree(url, commit, source.path()));
    }
}
