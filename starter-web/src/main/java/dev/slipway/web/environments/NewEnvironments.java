package dev.slipway.web.environments;

import dev.slipway.activities.git.GitRef;
import dev.slipway.activities.git.GitSource;
import dev.slipway.activities.store.ApplicationStore;
import dev.slipway.activities.store.EnvironmentStore;
import dev.slipway.activities.store.EnvironmentStore.StoredEnvironment;
import dev.slipway.web.access.Access;
import dev.slipway.web.access.Caller;
import dev.slipway.web.shell.GivenName;
import dev.slipway.web.shell.Installation;
import dev.slipway.workflows.application.Application;
import dev.slipway.workflows.application.ApplicationReader;
import dev.slipway.workflows.application.yaml.Reading;
import dev.slipway.workflows.environment.Overrides;
import dev.slipway.workflows.environment.OverridesEditor;
import dev.slipway.workflows.environment.OverridesReader;
import dev.slipway.workflows.people.Permission;
import dev.slipway.workflows.people.Subject;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Creates environments, checking everything first and saying all that is wrong at once, and chooses their branch. */
@Component
public final class NewEnvironments {
    private static final int LONGEST_NAMESPACE = 63;
    private static final int LONGEST_BRANCH = 250;
    private static final int LARGEST_OVERRIDES = 1024 * 1024;
    private static final String EXAMPLE = "storefront-dev";
    // A route of the pages.
    private static final String RESERVED = "new";

    private final Access access;
    private final EnvironmentStore environments;
    private final ApplicationStore applications;
    private final Installation installation;
    private final Environments views;
    private final GitSource git;

    public NewEnvironments(
            EnvironmentStore environments,
            ApplicationStore applications,
            Installation installation,
            Environments views,
            GitSource git,
            Access access) {
        this.access = access;
        this.environments = environments;
        this.applications = applications;
        this.installation = installation;
        this.views = views;
        this.git = git;
    }

    /**
     * Records an environment; nothing is created in its cluster before the first deploy.
     *
     * @param namespace {@code null}: named like the environment
     * @param overrides document of kind Overrides; empty: none
     * @throws ProblemException with everything that is wrong
     */
    public StoredEnvironment create(
            String name,
            String application,
            String cluster,
            @Nullable String namespace,
            String overrides,
            Caller caller) {
        List<Problem> problems = new ArrayList<>();
        if (!GivenName.isOne(name, GivenName.LONGEST) || name.equals(RESERVED)) {
            problems.add(GivenName.refused("name", name, GivenName.LONGEST, EXAMPLE));
        }
        if (namespace != null && !GivenName.isOne(namespace, LONGEST_NAMESPACE)) {
            problems.add(GivenName.refused("namespace", namespace, LONGEST_NAMESPACE, EXAMPLE));
        }
        var known = applications.byName(application);
        if (known.isEmpty()) {
            problems.addAll(ApplicationStore.unknown(application).problems());
        } else {
            access.require(
                    caller, Permission.OPERATE, Subject.application(known.get().id()));
        }
        if (!installation.has(cluster)) {
            problems.add(Problem.of(ProblemCode.KUBERNETES_CLUSTER_UNKNOWN, cluster, "cluster", cluster));
        }
        if (!overrides.isBlank()) {
            problems.addAll(OverridesReader.read(overrides).problems());
        }
        if (!problems.isEmpty()) {
            throw new ProblemException(problems);
        }
        return environments.create(
                name, known.orElseThrow().id(), cluster, namespace == null ? name : namespace, overrides);
    }

    /**
     * Chooses the branch for all that names none of its own; it counts from the next plan on.
     *
     * @param branch {@code null}: as the application says
     * @throws ProblemException when it cannot be the name of one, and one of the {@code GIT_} codes when a repository has none
     *     of that name; nothing is changed then
     */
    public void branch(StoredEnvironment environment, @Nullable String branch) {
        change(environment, null, branch == null ? "" : branch, unseen -> {});
    }

    /**
     * Replaces the overrides, or chooses the branch, or both; it counts from the next plan on.
     *
     * @param overrides document of kind Overrides; {@code null}: as they are, empty: none
     * @param branch {@code null}: as it is; empty: as the application says
     * @param seen given the overrides that there are, refuses a writer who saw others
     * @throws ProblemException with all that is wrong with them; nothing is changed then
     */
    public void change(
            StoredEnvironment environment, @Nullable String overrides, @Nullable String branch, Consumer<String> seen) {
        seen.accept(environment.overrides());
        if (overrides != null) {
            check(environment, overrides);
        }
        String wanted = branch == null ? null : checkedAt(environment, branch);
        environments.override(environment.id(), before -> {
            seen.accept(before);
            String text = overrides == null ? before : overrides;
            return branch == null ? text : OverridesEditor.branch(text, wanted);
        });
    }

    /** Of a document that is kept in git, the next plan knows what it has; what does not fit is said there. */
    private void check(StoredEnvironment environment, String text) {
        if (text.length() > LARGEST_OVERRIDES) {
            throw new ProblemException(Problem.of(ProblemCode.DOC_TOO_BIG, "", "limit", "1 MiB"));
        }
        if (text.isBlank()) {
            return;
        }
        Reading<Overrides> reading = OverridesReader.read(text);
        List<Problem> problems = new ArrayList<>(reading.problems());
        ApplicationStore.StoredApplication application = applications.byId(environment.applicationId());
        Overrides read = reading.value();
        Application written = ApplicationReader.read(application.document()).value();
        if (problems.isEmpty() && read != null && written != null && application.origin() == null) {
            problems.addAll(read.check(written));
        }
        if (!problems.isEmpty()) {
            throw new ProblemException(problems);
        }
    }

    private @Nullable String checkedAt(StoredEnvironment environment, String branch) {
        String wanted = checked(branch);
        if (wanted != null) {
            views.repositories(
                            applications.byId(environment.applicationId()),
                            source -> GitRef.of(source, null).kind() == GitRef.Kind.DEFAULT_BRANCH)
                    .forEach(url -> git.resolve(url, GitRef.branch(wanted)));
        }
        return wanted;
    }

    /** A document of kind Overrides with a branch. */
    public static String overrides(@Nullable String branch) {
        return OverridesEditor.branch("", checked(branch));
    }

    private static @Nullable String checked(@Nullable String branch) {
        if (branch != null
                && (branch.length() > LONGEST_BRANCH
                        || branch.codePoints()
                                .anyMatch(c -> c < ' ' || c == 127 || Character.getType(c) == Character.SURROGATE))) {
            throw new ProblemException(
                    Problem.of(ProblemCode.REQUEST_INVALID, "branch", "reason", "branch is not the name of one"));
        }
        return branch == null || branch.isBlank() ? null : branch.strip();
    }

    /** {@code <application>-dev}, or the first of {@code -dev-2}, {@code -dev-3} … that is free. */
    public String suggestedName(String application) {
        String base = application.substring(0, Math.min(application.length(), 33)) + "-dev";
        for (int i = 1; ; i++) {
            String name = i == 1 ? base : base + "-" + i;
            if (environments.byName(name).isEmpty()) {
                return name;
            }
        }
    }
}
