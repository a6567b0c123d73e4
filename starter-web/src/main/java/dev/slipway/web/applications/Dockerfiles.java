package dev.slipway.web.applications;

import dev.slipway.activities.build.Recipes;
import dev.slipway.activities.git.FileChange;
import dev.slipway.activities.git.GitCommits;
import dev.slipway.activities.git.GitRef;
import dev.slipway.activities.git.GitSource;
import dev.slipway.activities.store.ApplicationStore.GitOrigin;
import dev.slipway.activities.store.ApplicationStore.StoredApplication;
import dev.slipway.activities.store.PlanStore.PinnedSource;
import dev.slipway.activities.store.PlanStore.Recipe;
import dev.slipway.web.SlipwaySettings;
import dev.slipway.workflows.application.ApplicationReader;
import dev.slipway.workflows.application.Source;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** The Dockerfiles that components are built by where their repositories have none, and the way to commit them there. */
@Component
public final class Dockerfiles {
    private static final String FILE = "Dockerfile";
    private static final int LONGEST_MESSAGE = 500;

    private final GitSource git;
    private final GitCommits commits;
    private final Recipes recipes;

    public Dockerfiles(GitSource git, GitCommits commits, SlipwaySettings settings) {
        this.git = git;
        this.commits = commits;
        this.recipes = new Recipes(git, settings.builds().bases());
    }

    /**
     * How a component is built now.
     *
     * @param branch that it follows; {@code null}: it is fixed to a tag or a commit
     * @param commit what that is now
     * @param path of the file in the repository, whether it is there or not
     * @param text {@code null}: a file of the repository says it
     * @param generatedFor what was recognised, and by what; {@code null}: nothing is generated
     */
    public record Dockerfile(
            String component,
            String url,
            @Nullable String branch,
            String commit,
            String path,
            @Nullable String text,
            @Nullable String generatedFor) {
        /** A branch for it alone. */
        public String newBranch() {
            return "slipway/dockerfile-" + component;
        }

        /** Of its commit, unless somebody has a better one. */
        public String message() {
            return "build: add a Dockerfile for " + component;
        }
    }

    /**
     * @throws ProblemException {@code SLP-REQUEST-NOT-FOUND} when no such component is built from git, {@code SLP-BUILD-UNRECOGNISED},
     *     {@code SLP-BUILD-SEVERAL}, or one of the {@code GIT_} codes
     */
    public Dockerfile of(StoredApplication application, String component) {
        Source.Git source = source(application, component);
        GitOrigin origin = source.url() == null ? application.origin() : null;
        String url = origin == null ? String.valueOf(source.url()) : origin.url();
        GitRef ref = GitRef.of(source, origin == null ? null : origin.branch());
        String commit = git.resolve(url, ref);
        Recipe recipe = recipes.of(
                        component,
                        source,
                        new PinnedSource(url, ref.name(), commit, git.tree(url, commit, source.path())))
                .orElse(null);
        return new Dockerfile(
                component,
                url,
                switch (ref.kind()) {
                    case BRANCH -> ref.name();
                    case DEFAULT_BRANCH -> git.refs(url).defaultBranch();
                    case TAG, COMMIT -> null;
                },
                commit,
                source.path().isEmpty() ? FILE : source.path() + "/" + FILE,
                recipe == null ? null : recipe.text(),
                recipe == null ? null : recipe.generatedFor());
    }

    private static Source.Git source(StoredApplication application, String component) {
        return Optional.ofNullable(
                        ApplicationReader.read(application.document()).value())
                .flatMap(read -> read.component(component))
                .flatMap(Dockerfiles::source)
                .orElseThrow(() -> new ProblemException(Problem.of(ProblemCode.REQUEST_NOT_FOUND, component)));
    }

    /** What a Dockerfile builds, of the repository or another one; empty: none does. */
    static Optional<Source.Git> source(dev.slipway.workflows.application.Component component) {
        return component.source() instanceof Source.Git git
                        && git.build().builder() != Source.Builder.JIB
                        && git.build().base() == null
                ? Optional.of(git)
                : Optional.empty();
    }

    /**
     * Where a Dockerfile is to go.
     *
     * @param seen the commit that somebody looked at
     * @param branch the one that the component follows, or a new one
     */
    public record Wanted(String seen, String branch, String text, String message) {}

    /**
     * Commits a Dockerfile beside the component's files; the id of the commit.
     *
     * @throws ProblemException as {@link GitCommits#add}
     */
    public String commit(Dockerfile dockerfile, Wanted wanted, String who) {
        if (wanted.text().isBlank()
                || wanted.message().isBlank()
                || wanted.message().length() > LONGEST_MESSAGE) {
            throw new ProblemException(
                    Problem.of(ProblemCode.REQUEST_INVALID, "", "reason", "a text and a message are needed"));
        }
        String branch = wanted.branch().strip();
        String commit = commits.add(new FileChange(
                dockerfile.url(),
                wanted.seen(),
                branch,
                !branch.equals(dockerfile.branch()),
                dockerfile.path(),
                wanted.text(),
                wanted.message(),
                who));
        git.changed(dockerfile.url());
        return commit;
    }
}
