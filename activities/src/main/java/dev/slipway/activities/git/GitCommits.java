package dev.slipway.activities.git;

import dev.slipway.activities.store.GitKeyring;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.lib.CommitBuilder;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.lib.TreeFormatter;
import org.eclipse.jgit.revwalk.RevTree;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.transport.PushResult;
import org.eclipse.jgit.transport.RefLeaseSpec;
import org.eclipse.jgit.transport.RefSpec;
import org.eclipse.jgit.transport.RemoteRefUpdate;
import org.eclipse.jgit.treewalk.CanonicalTreeParser;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.eclipse.jgit.util.Paths;

/**
 * Adds files to branches of git repositories, with the login that is kept for their address. The commit is made in the object database
 * of the mirror, nothing is checked out; a branch is never forced, and a file never replaced.
 */
public final class GitCommits {
    /** The same commit again, within a second, is there already. */
    private static final Set<RemoteRefUpdate.Status> DONE =
            Set.of(RemoteRefUpdate.Status.OK, RemoteRefUpdate.Status.UP_TO_DATE);

    private static final Set<RemoteRefUpdate.Status> MOVED =
            Set.of(RemoteRefUpdate.Status.REJECTED_NONFASTFORWARD, RemoteRefUpdate.Status.REJECTED_REMOTE_CHANGED);

    private final GitSettings settings;
    private final GitTransport transport;
    private final Mirrors mirrors;

    public GitCommits(GitSettings settings, GitKeyring keyring) {
        this.settings = settings;
        this.transport = new GitTransport(keyring, settings);
        this.mirrors = new Mirrors(settings, transport);
    }

    /**
     * Adds the file and pushes; the id of the new commit. All of it happens, or nothing.
     *
     * @throws ProblemException {@code SLP-GIT-FILE-EXISTS}, {@code SLP-GIT-BRANCH-MOVED}, {@code SLP-GIT-PUSH-REFUSED}, or another of
     *     the {@code GIT_} codes
     */
    public String add(FileChange change) {
        GitUrl url = GitUrl.parse(change.url(), settings.localRoots());
        if (!Repository.isValidRefName(Constants.R_HEADS + change.branch())) {
            throw GitProblems.of(
                    ProblemCode.GIT_PUSH_REFUSED, url.toString(), "branch", change.branch(), "reason", "not-a-branch");
        }
        if (!ObjectId.isId(change.base())) {
            throw GitProblems.of(ProblemCode.GIT_REF_MISSING, url.toString(), "ref", change.base(), "nearest", "-");
        }
        ObjectId base = ObjectId.fromString(change.base());
        try (Mirrors.Open mirror = mirrors.with(url, base)) {
            ObjectId commit = commit(url, mirror.repository(), base, change);
            push(url, mirror.repository(), commit, change);
            return commit.name();
        } catch (IOException e) {
            throw GitProblems.mirror(url, e);
        }
    }

    private static ObjectId commit(GitUrl url, Repository repository, ObjectId base, FileChange change)
            throws IOException {
        try (ObjectReader reader = repository.newObjectReader();
                RevWalk walk = new RevWalk(reader);
                ObjectInserter inserter = repository.newObjectInserter()) {
            RevTree before = walk.parseTree(base);
            checkFree(url, reader, before, change.path());
            ObjectId blob = inserter.insert(Constants.OBJ_BLOB, change.content().getBytes(StandardCharsets.UTF_8));
            PersonIdent who = new PersonIdent(
                    change.author(), change.author() + "@slipway.invalid", Instant.now(), ZoneOffset.UTC);
            CommitBuilder commit = new CommitBuilder();
            commit.setTreeId(added(reader, inserter, before, change.path(), blob));
            commit.setParentId(base);
            commit.setAuthor(who);
            commit.setCommitter(who);
            commit.setMessage(change.message().strip() + "\n");
            ObjectId id = inserter.insert(commit);
            inserter.flush();
            return id;
        }
    }

    /** Nothing may be at the path, and its folder is a real one. */
    private static void checkFree(GitUrl url, ObjectReader reader, RevTree tree, String path) throws IOException {
        try (TreeWalk there = TreeWalk.forPath(reader, path, tree)) {
            if (there != null) {
                throw GitProblems.of(ProblemCode.GIT_FILE_EXISTS, url.toString(), "path", path);
            }
        }
        int slash = path.lastIndexOf('/');
        if (slash >= 0) {
            try (TreeWalk folder = TreeWalk.forPath(reader, path.substring(0, slash), tree)) {
                if (folder == null || folder.getFileMode(0) != FileMode.TREE) {
                    throw GitProblems.of(
                            ProblemCode.GIT_PATH_MISSING,
                            url.toString(),
                            "path",
                            path.substring(0, slash),
                            "reason",
                            "missing");
                }
            }
        }
    }

    /** The tree and the file. Only trees on the way are read: what lies beside it may be of any size. */
    private static ObjectId added(
            ObjectReader reader, ObjectInserter inserter, ObjectId tree, String path, ObjectId blob)
            throws IOException {
        int slash = path.indexOf('/');
        byte[] name = Constants.encode(slash < 0 ? path : path.substring(0, slash));
        TreeFormatter after = new TreeFormatter();
        boolean due = true;
        for (CanonicalTreeParser at = new CanonicalTreeParser(null, reader, tree); !at.eof(); at.next(1)) {
            byte[] other = new byte[at.getNameLength()];
            at.getName(other, 0);
            FileMode mode = at.getEntryFileMode();
            ObjectId id = at.getEntryObjectId();
            if (due && slash < 0 && isAfter(other, mode, name)) {
                after.append(name, FileMode.REGULAR_FILE, blob);
                due = false;
            } else if (due && slash >= 0 && mode == FileMode.TREE && Arrays.equals(other, name)) {
                id = added(reader, inserter, id, path.substring(slash + 1), blob);
                due = false;
            }
            after.append(other, mode, id);
        }
        if (due) {
            after.append(name, FileMode.REGULAR_FILE, blob);
        }
        return inserter.insert(after);
    }

    private static boolean isAfter(byte[] entry, FileMode mode, byte[] file) {
        return Paths.compare(
                        entry, 0, entry.length, mode.getBits(), file, 0, file.length, FileMode.REGULAR_FILE.getBits())
                > 0;
    }

    private void push(GitUrl url, Repository repository, ObjectId commit, FileChange change) {
        String ref = Constants.R_HEADS + change.branch();
        String expected = change.fresh() ? ObjectId.zeroId().name() : change.base();
        try (Git git = new Git(repository)) {
            Iterable<PushResult> results = transport.call(
                    git.push()
                            .setRemote(url.text())
                            .setRefSpecs(new RefSpec(commit.name() + ":" + ref))
                            .setRefLeaseSpecs(List.of(new RefLeaseSpec(ref, expected))),
                    url);
            for (PushResult result : results) {
                check(url, change.branch(), result.getRemoteUpdate(ref), result.getMessages());
            }
        } catch (ProblemException e) {
            throw GitProblems.push(url, change.branch(), e);
        }
    }

    private static void check(GitUrl url, String branch, RemoteRefUpdate update, String said) {
        if (DONE.contains(update.getStatus())) {
            return;
        }
        if (MOVED.contains(update.getStatus())) {
            throw GitProblems.of(ProblemCode.GIT_BRANCH_MOVED, url.toString(), "branch", branch);
        }
        String reason = update.getMessage() == null ? update.getStatus().name() : update.getMessage();
        throw GitProblems.of(
                ProblemCode.GIT_PUSH_REFUSED,
                url.toString(),
                "branch",
                branch,
                "reason",
                GitUrl.masked((said.strip() + " " + reason).strip()));
    }
}
