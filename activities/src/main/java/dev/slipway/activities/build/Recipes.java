package dev.slipway.activities.build;

import dev.slipway.activities.detect.Bases;
import dev.slipway.activities.detect.Detection;
import dev.slipway.activities.detect.Project;
import dev.slipway.activities.detect.RepositoryFiles;
import dev.slipway.activities.git.GitSource;
import dev.slipway.activities.store.PlanStore.PinnedSource;
import dev.slipway.activities.store.PlanStore.Recipe;
import dev.slipway.workflows.application.Source;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/** Which Dockerfile a component is built by, where that is none of the repository's files. */
public final class Recipes {
    private final GitSource git;
    private final Bases bases;

    public Recipes(GitSource git, Bases bases) {
        this.git = git;
        this.bases = bases;
    }

    /**
     * The document's own goes first, then the repository's; where {@code auto} finds neither, one is written for what is recognised.
     *
     * @return empty: a file of the repository says how
     * @throws ProblemException {@code SLP-BUILD-UNRECOGNISED}, {@code SLP-BUILD-SEVERAL}, or one of the {@code GIT_} codes
     */
    public Optional<Recipe> of(String where, Source.Git source, PinnedSource pin) {
        Source.Build build = source.build();
        String inline = build.dockerfileInline();
        if (inline != null) {
            return Optional.of(new Recipe(inline, null));
        }
        if (build.builder() != Source.Builder.AUTO || build.dockerfile() != null) {
            return Optional.empty();
        }
        List<String> listed = git.list(pin.url(), pin.commit(), source.path());
        if (listed.contains(DockerfileBuilds.DOCKERFILE)) {
            return Optional.empty();
        }
        RepositoryFiles files = RepositoryFiles.of(git, pin.url(), pin.commit(), source.path(), listed);
        List<Project> projects = Detection.buildable(files, bases);
        if (projects.isEmpty()) {
            throw problem(ProblemCode.BUILD_UNRECOGNISED, where, source, "looked", Detection.LOOKED_FOR);
        }
        if (projects.size() > 1) {
            String found =
                    projects.stream().map(Project::folder).distinct().limit(20).collect(Collectors.joining(", "));
            throw problem(ProblemCode.BUILD_SEVERAL, where, source, "found", found);
        }
        Project project = projects.get(0);
        return Optional.of(new Recipe(
                Objects.requireNonNull(project.generated()),
                project.kind().word() + ", " + project.saw().get(0)));
    }

    private static ProblemException problem(
            ProblemCode code, String where, Source.Git source, String name, String value) {
        String path = source.path().isEmpty() ? "." : source.path();
        return new ProblemException(Problem.of(code, where, "path", path, name, value));
    }
}
