package dev.slipway.tests.git;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.revwalk.RevCommit;

/** Repositories of a folder, to be served. */
final class GitRepositories {
    private GitRepositories() {}

    /** A repository with one commit on main. */
    static Git create(Path folder, Map<String, String> files) {
        try {
            Git git = Git.init()
                    .setDirectory(folder.toFile())
                    .setInitialBranch("main")
                    .call();
            var unused = commit(git, files);
            return git;
        } catch (GitAPIException e) {
            throw new IllegalStateException(e);
        }
    }

    static RevCommit commit(Git git, Map<String, String> files) {
        try {
            for (var file : files.entrySet()) {
                Path path = git.getRepository().getWorkTree().toPath().resolve(file.getKey());
                Files.createDirectories(path.getParent());
                Files.writeString(path, file.getValue());
            }
            git.add().addFilepattern(".").call();
            PersonIdent somebody = new PersonIdent("Somebody", "somebody@example.org");
            return git.commit()
                    .setMessage("change")
                    .setAuthor(somebody)
                    .setCommitter(somebody)
                    .setSign(false)
                    .call();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GitAPIException e) {
            throw new IllegalStateException(e);
        }
    }
}
