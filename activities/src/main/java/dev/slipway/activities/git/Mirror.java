package dev.slipway.activities.git;

import dev.slipway.workflows.problem.ProblemCode;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.eclipse.jgit.api.errors.JGitInternalException;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.eclipse.jgit.transport.RefSpec;
import org.eclipse.jgit.transport.TagOpt;

/**
 * The bare copy of one remote repository. Whoever needs a commit that is not here fetches; others that need it meanwhile wait for
 * that fetch, in this process by a lock, across processes by a file lock.
 */
final class Mirror {
    private static final Map<Path, ReentrantLock> LOCKS = new ConcurrentHashMap<>();

    private final GitUrl url;
    private final GitSettings settings;
    private final Path folder;

    Mirror(GitUrl url, GitSettings settings) {
        this.url = url;
        this.settings = settings;
        this.folder = settings.mirrors().toAbsolutePath().resolve(name(url) + ".git");
    }

    /** Opens the mirror with the commit in it. The caller closes it. */
    Repository with(ObjectId commit) {
        try {
            Repository repository = open();
            try {
                if (!has(repository, commit)) {
                    fetch(commit);
                    repository.scanForRepoChanges();
                }
                if (!has(repository, commit)) {
                    throw GitProblems.of(
                            ProblemCode.GIT_REF_MISSING, url.toString(), "ref", commit.name(), "nearest", "-");
                }
                return repository;
            } catch (RuntimeException | IOException e) {
                repository.close();
                throw e;
            }
        } catch (IOException e) {
            throw GitProblems.mirror(url, e);
        }
    }

    private static boolean has(Repository repository, ObjectId commit) throws IOException {
        return repository.getObjectDatabase().has(commit);
    }

    private Repository open() throws IOException {
        if (!Files.exists(folder.resolve("HEAD"))) {
            locked(() -> {
                if (!Files.exists(folder.resolve("HEAD"))) {
                    try (Repository created = repository()) {
                        created.create(true);
                    }
                }
            });
        }
        return repository();
    }

    private Repository repository() throws IOException {
        return new FileRepositoryBuilder().setGitDir(folder.toFile()).setBare().build();
    }

    private void fetch(ObjectId commit) throws IOException {
        locked(() -> {
            try (Repository repository = repository();
                    Git git = new Git(repository)) {
                if (!has(repository, commit)) {
                    fetch(git);
                }
            }
        });
    }

    private void fetch(Git git) {
        FetchLimits limits = new FetchLimits(folder, settings.fetchTimeout(), settings.largestMirror());
        try {
            git.fetch()
                    .setRemote(url.text())
                    .setRefSpecs(new RefSpec("+refs/heads/*:refs/heads/*"), new RefSpec("+refs/tags/*:refs/tags/*"))
                    .setTagOpt(TagOpt.NO_TAGS)
                    .setRemoveDeletedRefs(true)
                    .setTimeout((int) settings.timeout().toSeconds())
                    .setProgressMonitor(limits)
                    .call();
        } catch (GitAPIException | JGitInternalException e) {
            if (limits.tooBig()) {
                throw tooBig();
            }
            if (limits.tooLate()) {
                throw GitProblems.of(
                        ProblemCode.GIT_TIMEOUT,
                        url.toString(),
                        "reason",
                        "fetch longer than " + settings.fetchTimeout());
            }
            throw GitProblems.remote(url, e);
        }
        if (limits.size() > settings.largestMirror()) {
            throw tooBig();
        }
    }

    private RuntimeException tooBig() {
        return GitProblems.of(
                ProblemCode.GIT_TOO_BIG, url.toString(), "limit", Long.toString(settings.largestMirror()), "path", "");
    }

    /** An action on the mirror's files that no one else may do at the same time. */
    private interface Action {
        void run() throws IOException;
    }

    private void locked(Action action) throws IOException {
        ReentrantLock lock = LOCKS.computeIfAbsent(folder, key -> new ReentrantLock());
        lock.lock();
        try {
            Files.createDirectories(settings.mirrors());
            Path lockFile = folder.resolveSibling(folder.getFileName() + ".lock");
            try (FileChannel channel = FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock held = channel.lock()) {
                action.run();
            }
        } finally {
            lock.unlock();
        }
    }

    private static String name(GitUrl url) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(url.text().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }
}
