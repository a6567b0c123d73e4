package dev.slipway.activities.git;

import dev.slipway.activities.hash.Sha256;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.eclipse.jgit.api.Git;
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
    private static final List<RefSpec> EVERYTHING =
            List.of(new RefSpec("+refs/heads/*:refs/heads/*"), new RefSpec("+refs/tags/*:refs/tags/*"));
    private static final Map<Path, ReentrantLock> LOCKS = new ConcurrentHashMap<>();

    private final GitUrl url;
    private final GitSettings settings;
    private final GitTransport transport;
    private final Path folder;
    private boolean fetched;

    Mirror(GitUrl url, GitSettings settings, GitTransport transport) {
        this.url = url;
        this.settings = settings;
        this.transport = transport;
        this.folder = settings.mirrors().toAbsolutePath().normalize().resolve(name(url) + ".git");
    }

    Path folder() {
        return folder;
    }

    /** Whether it had to ask the remote for a commit. */
    boolean fetched() {
        return fetched;
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
                    fetched = true;
                    fetch(git, EVERYTHING);
                    repository.scanForRepoChanges();
                    if (!has(repository, commit)) {
                        fetchAlone(git, commit);
                    }
                }
            }
        });
    }

    /** A commit that a forced push took off every branch: many servers still give it to who knows its id. */
    private void fetchAlone(Git git, ObjectId commit) {
        try {
            fetch(git, List.of(new RefSpec("+" + commit.name() + ":refs/slipway/" + commit.name())));
        } catch (ProblemException e) {
            ProblemCode code = e.problem().code();
            if (code == ProblemCode.GIT_TOO_BIG || code == ProblemCode.GIT_TIMEOUT) {
                throw e;
            }
            // The server does not have it, or does not give it: the caller says that it is missing.
        }
    }

    private void fetch(Git git, List<RefSpec> what) {
        FetchLimits limits = new FetchLimits(folder, settings.fetchTimeout(), settings.largestMirror());
        try {
            transport.call(
                    git.fetch()
                            .setRemote(url.text())
                            .setRefSpecs(what)
                            .setTagOpt(TagOpt.NO_TAGS)
                            .setRemoveDeletedRefs(true)
                            .setProgressMonitor(limits),
                    url);
        } catch (ProblemException e) {
            if (limits.tooBig()) {
                throw GitProblems.tooBig(url, "", settings.largestMirror());
            }
            if (limits.tooLate()) {
                throw GitProblems.of(
                        ProblemCode.GIT_TIMEOUT,
                        url.toString(),
                        "reason",
                        "fetch longer than " + settings.fetchTimeout());
            }
            throw e;
        }
        if (FetchLimits.size(folder) > settings.largestMirror()) {
            throw GitProblems.tooBig(url, "", settings.largestMirror());
        }
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
        return HexFormat.of().formatHex(Sha256.of(url.text()), 0, 16);
    }
}
