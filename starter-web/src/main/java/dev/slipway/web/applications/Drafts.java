package dev.slipway.web.applications;

import dev.slipway.activities.detect.Detection;
import dev.slipway.activities.detect.Draft;
import dev.slipway.activities.detect.Drafting;
import dev.slipway.activities.detect.RepositoryFiles;
import dev.slipway.activities.git.GitRef;
import dev.slipway.activities.git.GitSource;
import dev.slipway.web.SlipwaySettings;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import org.springframework.stereotype.Component;

/** Proposes applications from what repositories hold. Nothing is stored; asking again at the same commit answers the same. */
@Component
public final class Drafts {
    private final GitSource git;
    private final SlipwaySettings settings;

    public Drafts(GitSource git, SlipwaySettings settings) {
        this.git = git;
        this.settings = settings;
    }

    /**
     * @param ref what the proposed components are built from: they follow a branch
     * @param folder of the repository to look at, with everything below it; empty: all of it
     * @throws ProblemException one of the {@code GIT_} codes, or {@code SLP-BUILD-UNRECOGNISED}
     */
    public Draft of(String url, GitRef ref, String folder) {
        String path = folder.strip().replaceAll("^(?:\\.?/)+|/+$|^\\.$", "");
        RepositoryFiles files = RepositoryFiles.of(git, url, git.resolve(url, ref), path);
        Drafting.Origin origin = new Drafting.Origin(git.address(url), ref, path);
        return Drafting.of(files, settings.builds().bases(), origin)
                .orElseThrow(() -> new ProblemException(Problem.of(
                        ProblemCode.BUILD_UNRECOGNISED,
                        url,
                        "path",
                        path.isEmpty() ? "." : path,
                        "looked",
                        Detection.LOOKED_FOR)));
    }
}
