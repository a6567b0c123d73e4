package dev.slipway.activities.git;

import dev.slipway.activities.store.GitKeyring;
import dev.slipway.workflows.problem.ProblemCode;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.errors.IncorrectObjectTypeException;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectLoader;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.revwalk.RevTree;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.jspecify.annotations.Nullable;

/**
 * Reads git repositories: what a branch means now, and what a commit holds. Nothing is ever checked out, and no symbolic link is
 * followed. Every call may be repeated; a commit that was fetched once is read without the network. Safe for many threads.
 *
 * <p>All methods throw {@link dev.slipway.workflows.problem.ProblemException} with one of the {@code GIT_} codes.
 */
public final class GitSource {
    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");

    private final GitSettings settings;
    private final GitTransport transport;
    private final Mirrors mirrors;
    private final KnownRefs known = new KnownRefs();

    /** Of repositories that everyone may read. */
    public GitSource(GitSettings settings) {
        this(settings, GitKeyring.NONE);
    }

    public GitSource(GitSettings settings, GitKeyring keyring) {
        this.settings = settings;
        this.transport = new GitTransport(keyring, settings);
        this.mirrors = new Mirrors(settings, transport);
    }

    /** The commit that a ref means now, asked of the remote; 40 hex digits. */
    public String resolve(String url, GitRef ref) {
        GitUrl remote = url(url);
        if (ref.kind() == GitRef.Kind.COMMIT) {
            try (Mirrors.Open mirror = mirrors.with(remote, commit(remote, ref.name()))) {
                return ref.name();
            }
        }
        Map<String, Ref> refs = refs(remote);
        String full = fullName(ref);
        Ref found = refs.get(full);
        ObjectId id = found == null ? null : target(found);
        if (id == null) {
            throw missing(remote, ref, full, refs);
        }
        return id.name();
    }

    /**
     * The tree or blob at a path: the same files give the same id, whatever the commit.
     *
     * @param path relative to the root; empty: the root
     */
    public String tree(String url, String commit, String path) {
        GitUrl remote = url(url);
        try (Mirrors.Open mirror = mirrors.with(remote, commit(remote, commit));
                ObjectReader reader = mirror.repository().newObjectReader()) {
            return find(remote, reader, commit, path).id().name();
        } catch (IOException e) {
            throw GitProblems.mirror(remote, e);
        }
    }

    /**
     * A small file, whole.
     *
     * @param largest in bytes; a bigger file is {@link ProblemCode#GIT_TOO_BIG}
     */
    public byte[] read(String url, String commit, String file, int largest) {
        GitUrl remote = url(url);
        try (Mirrors.Open mirror = mirrors.with(remote, commit(remote, commit));
                ObjectReader reader = mirror.repository().newObjectReader()) {
            TreeItem item = find(remote, reader, commit, file);
            if (!item.isFile()) {
                throw pathMissing(remote, file, "not-a-file");
            }
            ObjectLoader loader = reader.open(item.id(), Constants.OBJ_BLOB);
            if (loader.getSize() > largest) {
                throw GitProblems.tooBig(remote, file, largest);
            }
            return loader.getCachedBytes(largest);
        } catch (IOException e) {
            throw GitProblems.mirror(remote, e);
        }
    }

    /** The files below a path, to be walked later, as often as needed. A path that is a file is a tree of that file alone. */
    public FileTree files(String url, String commit, String path) {
        GitUrl remote = url(url);
        return sink -> {
            try (Mirrors.Open mirror = mirrors.with(remote, commit(remote, commit));
                    ObjectReader reader = mirror.repository().newObjectReader()) {
                new GitTreeWalk(remote, reader).walk(find(remote, reader, commit, path), path, sink);
            }
        };
    }

    /** Paths of the regular files below a folder, from that folder; no content is read, links and submodules are passed over. */
    public List<String> list(String url, String commit, String folder) {
        GitUrl remote = url(url);
        try (Mirrors.Open mirror = mirrors.with(remote, commit(remote, commit));
                ObjectReader reader = mirror.repository().newObjectReader()) {
            return new GitTreeWalk(remote, reader).list(find(remote, reader, commit, folder));
        } catch (IOException e) {
            throw GitProblems.mirror(remote, e);
        }
    }

    /**
     * An address as it is given to git and may be written down: a folder's path is its {@code file} address.
     *
     * @throws dev.slipway.workflows.problem.ProblemException {@code SLP-GIT-URL}
     */
    public String address(String url) {
        return url(url).text();
    }

    private GitUrl url(String text) {
        return GitUrl.parse(text, settings.localRoots());
    }

    /**
     * The branches and tags that a remote has now, for people to choose from; asked again after {@link KnownRefs#FRESH}.
     *
     * @throws dev.slipway.workflows.problem.ProblemException with one of the {@code GIT_} codes
     */
    public GitRefs refs(String url) {
        GitUrl remote = url(url);
        return known.of(remote.text(), () -> GitRefs.of(refs(remote)));
    }

    /** Says that the branches of a remote changed, so that they are asked for again at once. */
    public void changed(String url) {
        known.forget(url(url).text());
    }

    /**
     * Asks a remote now, whatever is known of it: that it answers, and lets Slipway in.
     *
     * @throws dev.slipway.workflows.problem.ProblemException with one of the {@code GIT_} codes
     */
    public void reach(String url) {
        var unused = refs(url(url));
    }

    private Map<String, Ref> refs(GitUrl url) {
        Map<String, Ref> refs = new LinkedHashMap<>();
        transport
                .call(Git.lsRemoteRepository().setRemote(url.text()), url)
                .forEach(ref -> refs.put(ref.getName(), ref));
        return refs;
    }

    private static String fullName(GitRef ref) {
        return switch (ref.kind()) {
            case BRANCH -> Constants.R_HEADS + ref.name();
            case TAG -> Constants.R_TAGS + ref.name();
            case DEFAULT_BRANCH, COMMIT -> Constants.HEAD;
        };
    }

    private static @Nullable ObjectId target(Ref ref) {
        return ref.getPeeledObjectId() == null ? ref.getObjectId() : ref.getPeeledObjectId();
    }

    private static RuntimeException missing(GitUrl url, GitRef ref, String full, Map<String, Ref> refs) {
        String prefix = ref.kind() == GitRef.Kind.TAG ? Constants.R_TAGS : Constants.R_HEADS;
        String wanted = full.startsWith(prefix) ? full.substring(prefix.length()) : full;
        var names = refs.keySet().stream()
                .filter(name -> name.startsWith(prefix))
                .map(name -> name.substring(prefix.length()))
                .toList();
        String nearest = names.isEmpty() ? "-" : String.join(", ", NearestNames.of(wanted, names));
        return GitProblems.of(ProblemCode.GIT_REF_MISSING, url.toString(), "ref", wanted, "nearest", nearest);
    }

    private static ObjectId commit(GitUrl url, String id) {
        if (!COMMIT.matcher(id).matches()) {
            throw GitProblems.of(ProblemCode.GIT_REF_MISSING, url.toString(), "ref", id, "nearest", "-");
        }
        return ObjectId.fromString(id);
    }

    private static TreeItem find(GitUrl url, ObjectReader reader, String commit, String path) throws IOException {
        String relative = path.equals(".") ? "" : path.replaceAll("^(\\./)+|/+$", "");
        try (RevWalk walk = new RevWalk(reader)) {
            RevTree root = walk.parseTree(ObjectId.fromString(commit));
            if (relative.isEmpty()) {
                return new TreeItem(root.getId(), FileMode.TREE);
            }
            if (relative.startsWith("/") || relative.contains("\\") || relative.contains("//")) {
                throw pathMissing(url, path, "not-a-path");
            }
            try (TreeWalk item = TreeWalk.forPath(reader, relative, root)) {
                return Optional.ofNullable(item)
                        .map(found -> new TreeItem(found.getObjectId(0), found.getFileMode(0)))
                        .orElseThrow(() -> pathMissing(url, path, "missing"));
            }
        } catch (IncorrectObjectTypeException e) {
            throw GitProblems.of(ProblemCode.GIT_REF_MISSING, url.toString(), "ref", commit, "nearest", "-");
        }
    }

    private static RuntimeException pathMissing(GitUrl url, String path, String reason) {
        return GitProblems.of(ProblemCode.GIT_PATH_MISSING, url.toString(), "path", path, "reason", reason);
    }
}
