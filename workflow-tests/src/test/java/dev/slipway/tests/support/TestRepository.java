package dev.slipway.tests.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.api.errors.GitAPIException;

/** A real git repository with a work tree, on branch {@code main}. */
public final class TestRepository implements AutoCloseable {
    private final Git git;
    private final Path folder;

    private TestRepository(Git git, Path folder) {
        this.git = git;
        this.folder = folder;
    }

    public static TestRepository create(Path folder) {
        try {
            Files.createDirectories(folder);
            return new TestRepository(
                    Git.init()
                            .setDirectory(folder.toFile())
                            .setInitialBranch("main")
                            .call(),
                    folder);
        } catch (GitAPIException e) {
            throw new IllegalStateException(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static TestRepository open(Path folder) {
        try {
            return new TestRepository(Git.open(folder.toFile()), folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public String url() {
        return folder.toUri().toString();
    }

    public Path folder() {
        return folder;
    }

    public TestRepository write(String path, String content) {
        try {
            Path file = folder.resolve(path);
            Files.createDirectories(file.getParent());
            Files.writeString(file, content);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public TestRepository executable(String path, String content) {
        if (!write(path, content).folder.resolve(path).toFile().setExecutable(true)) {
            throw new IllegalStateException(path + " cannot be made executable");
        }
        return this;
    }

    /** @param target as it is written, whether there is such a file or not */
    public TestRepository symlink(String path, String target) {
        try {
            Path link = folder.resolve(path);
            Files.createDirectories(link.getParent());
            Files.createSymbolicLink(link, Path.of(target));
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Commits all that was written; its id. */
    public String commit(String message) {
        try {
            git.add().addFilepattern(".").call();
            return git.commit()
                    .setMessage(message)
                    .setAuthor("test", "test@slipway.invalid")
                    .setCommitter("test", "test@slipway.invalid")
                    .setSign(false)
                    .call()
                    .name();
        } catch (GitAPIException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        git.close();
    }
}
