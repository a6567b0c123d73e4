package dev.slipway.web.git;

import dev.slipway.activities.git.GitAddress;
import dev.slipway.activities.git.GitRefs;
import dev.slipway.activities.git.GitSource;
import dev.slipway.activities.git.SshKeys;
import dev.slipway.activities.store.GitHostKey;
import dev.slipway.activities.store.GitLogin;
import dev.slipway.activities.store.GitLoginStore;
import dev.slipway.activities.store.Secret;
import dev.slipway.web.shell.GivenName;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** The logins and the ssh servers that Slipway knows. */
@Component
public final class GitServers {
    private static final int LONGEST_SECRET = 64 * 1024;
    private static final int LONGEST_USERNAME = 200;
    /** Most servers want some user name beside a token and do not look at it. */
    private static final String ANY_USERNAME = "x-token-auth";

    private static final Set<ProblemCode> OF_THE_SERVER_KEY =
            Set.of(ProblemCode.GIT_HOST_UNKNOWN, ProblemCode.GIT_HOST_CHANGED);

    private final GitLoginStore store;
    private final GitSource git;

    public GitServers(GitLoginStore store, GitSource git) {
        this.store = store;
        this.git = git;
    }

    /** By name. */
    public List<GitLoginView> logins() {
        return store.logins().stream().map(GitServers::view).toList();
    }

    private static GitLoginView view(GitLogin login) {
        return new GitLoginView(
                login.name(),
                login.kind().word(),
                login.address(),
                login.username(),
                login.publicKey(),
                login.createdAt());
    }

    /**
     * The branches and tags of a repository.
     *
     * @param text that their names hold; empty: any
     * @param most of each
     * @throws ProblemException with one of the {@code GIT_} codes
     */
    public GitRefs refs(String url, String text, int most) {
        return git.refs(url).matching(text, most);
    }

    /**
     * A login to keep.
     *
     * @param address https or ssh: of one repository, of a folder of them, or of a whole server
     * @param username of a password; blank: the server does not look at it
     * @param password or token; blank when there is a key
     * @param privateKey blank when there is a password
     * @param passphrase of the key; blank: it has none
     * @param repository to try it with before it is kept; blank: it is kept untried
     */
    public record Wanted(
            String name,
            String address,
            String username,
            String password,
            String privateKey,
            String passphrase,
            String repository) {
        /** It holds credentials. */
        @Override
        public String toString() {
            return "Wanted[" + name + "]";
        }
    }

    /** @throws ProblemException with everything that is wrong; then nothing is kept */
    public GitLoginView add(Wanted wanted) {
        List<Problem> problems = new ArrayList<>();
        if (!GivenName.isOne(wanted.name(), GivenName.LONGEST)) {
            problems.add(GivenName.refused("name", wanted.name(), GivenName.LONGEST, "team-shop"));
        }
        boolean key = !wanted.privateKey().isBlank();
        if (key == !wanted.password().isBlank()) {
            problems.add(invalid("secret", "exactly one of password, privateKey"));
        }
        if (wanted.password().length() > LONGEST_SECRET || wanted.username().length() > LONGEST_USERNAME) {
            problems.add(invalid("secret", "too long"));
        }
        Optional<GitAddress> address =
                GitAddress.parse(wanted.address()).filter(at -> at.scheme().equals(key ? "ssh" : "https"));
        if (address.isEmpty()) {
            problems.add(Problem.of(
                    ProblemCode.GIT_LOGIN_ADDRESS,
                    "address",
                    "address",
                    GivenName.shown(wanted.address().replaceAll("(?<=://)[^/]*@", "***@")),
                    "protocol",
                    key ? "ssh" : "https"));
        }
        String publicKey = null;
        if (key) {
            try {
                publicKey = SshKeys.publicKey(wanted.name(), Secret.of(wanted.privateKey()), passphrase(wanted));
            } catch (ProblemException e) {
                problems.addAll(e.problems());
            }
        }
        if (!problems.isEmpty()) {
            throw new ProblemException(problems);
        }
        GitLogin login = new GitLogin(
                wanted.name(),
                key ? GitLogin.Kind.SSH_KEY : GitLogin.Kind.PASSWORD,
                address.orElseThrow().toString(),
                key
                        ? ""
                        : wanted.username().isBlank()
                                ? ANY_USERNAME
                                : wanted.username().strip(),
                Secret.of(key ? wanted.privateKey() : wanted.password().strip()),
                passphrase(wanted),
                publicKey,
                null);
        store.add(login);
        tryOrForget(login, wanted.repository().strip());
        return logins().stream()
                .filter(one -> one.name().equals(login.name()))
                .findFirst()
                .orElseThrow();
    }

    /** A server whose key nobody confirmed yet is no fault of the login: that is asked next. */
    private void tryOrForget(GitLogin login, String repository) {
        if (repository.isEmpty()) {
            return;
        }
        boolean good = false;
        try {
            git.reach(repository);
            good = true;
        } catch (ProblemException e) {
            good = aboutTheServer(e);
            throw e;
        } finally {
            if (!good) {
                store.remove(login.name());
            }
        }
    }

    /** Whether only a confirmation of the ssh server's key is missing. */
    static boolean aboutTheServer(ProblemException refused) {
        return OF_THE_SERVER_KEY.contains(refused.problem().code());
    }

    private static @Nullable Secret passphrase(Wanted wanted) {
        return wanted.passphrase().isEmpty() ? null : Secret.of(wanted.passphrase());
    }

    /** @throws ProblemException {@code SLP-REQUEST-NOT-FOUND} */
    public void remove(String name) {
        if (!store.remove(name)) {
            throw new ProblemException(Problem.of(ProblemCode.REQUEST_NOT_FOUND, name));
        }
    }

    /** By server, confirmed ones first. */
    public List<GitHostView> hosts() {
        List<GitHostKey> keys = store.hostKeys();
        return keys.stream().map(key -> view(key, keys)).toList();
    }

    private static GitHostView view(GitHostKey key, List<GitHostKey> all) {
        boolean otherConfirmed = all.stream()
                .anyMatch(other ->
                        other.host().equals(key.host()) && other.port() == key.port() && other.confirmedAt() != null);
        return new GitHostView(
                key.port() == 22 ? key.host() : key.host() + ":" + key.port(),
                key.type(),
                key.fingerprint(),
                key.confirmedAt() != null ? "confirmed" : otherConfirmed ? "changed" : "new",
                key.seenAt(),
                key.confirmedAt(),
                key.confirmedBy());
    }

    /**
     * Asks an ssh server for its key and keeps it, to be confirmed.
     *
     * @param host with its port where that is not 22
     * @throws ProblemException when the server does not answer as an ssh server does
     */
    public void look(String host) {
        GitAddress at = GitAddress.parse("ssh://" + host.strip())
                .filter(address -> address.path().isEmpty())
                .orElseThrow(() -> new ProblemException(Problem.of(
                        ProblemCode.GIT_LOGIN_ADDRESS, "host", "address", GivenName.shown(host), "protocol", "ssh")));
        try {
            git.reach(at.toString().replace("ssh://", "ssh://git@") + "/-");
        } catch (ProblemException e) {
            if (e.problem().code().remedy() == ProblemCode.Remedy.WAIT
                    || shown(at).isEmpty()) {
                throw e;
            }
        }
    }

    private List<GitHostKey> shown(GitAddress at) {
        return store.hostKeys().stream()
                .filter(key -> key.host().equals(at.host()) && key.port() == at.port())
                .toList();
    }

    /**
     * A person compared the fingerprint with what the server's owner tells.
     *
     * @throws ProblemException {@code SLP-REQUEST-NOT-FOUND} when the server did not show such a key
     */
    public void confirm(String host, String fingerprint, String who) {
        GitAddress at = server(host);
        if (!store.confirm(at.host(), at.port(), fingerprint, who)) {
            throw new ProblemException(Problem.of(ProblemCode.REQUEST_NOT_FOUND, host + " " + fingerprint));
        }
    }

    /** @throws ProblemException {@code SLP-REQUEST-NOT-FOUND} */
    public void forget(String host, String fingerprint) {
        GitAddress at = server(host);
        if (!store.forget(at.host(), at.port(), fingerprint)) {
            throw new ProblemException(Problem.of(ProblemCode.REQUEST_NOT_FOUND, host + " " + fingerprint));
        }
    }

    private static GitAddress server(String host) {
        return GitAddress.parse("ssh://" + host)
                .orElseThrow(
                        () -> new ProblemException(Problem.of(ProblemCode.REQUEST_NOT_FOUND, GivenName.shown(host))));
    }

    private static Problem invalid(String where, String reason) {
        return Problem.of(ProblemCode.REQUEST_INVALID, where, "reason", reason);
    }
}
