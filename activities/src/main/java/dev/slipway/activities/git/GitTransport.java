package dev.slipway.activities.git;

import dev.slipway.activities.outbound.OutboundGuard.Checked;
import dev.slipway.activities.store.GitKeyring;
import dev.slipway.activities.store.GitLogin;
import dev.slipway.workflows.problem.ProblemCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLSocketFactory;
import org.eclipse.jgit.api.TransportCommand;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.eclipse.jgit.api.errors.JGitInternalException;
import org.eclipse.jgit.transport.SshTransport;
import org.eclipse.jgit.transport.TransportHttp;
import org.eclipse.jgit.transport.sshd.SshdSessionFactory;
import org.eclipse.jgit.transport.sshd.SshdSessionFactoryBuilder;
import org.jspecify.annotations.Nullable;

/**
 * Talks to git servers: with the login that is kept for the address, over https or ssh, and with nothing of the user who started
 * Slipway: no {@code .netrc}, no {@code .ssh}, no agent. A login goes to the server it is kept for and to no other, whatever that one
 * redirects to. Where to it may connect, the {@link dev.slipway.activities.outbound.OutboundGuard} says.
 */
final class GitTransport {
    private final GitKeyring keyring;
    private final GitSettings settings;
    private final SSLSocketFactory tls;

    GitTransport(GitKeyring keyring, GitSettings settings) {
        this.keyring = keyring;
        this.settings = settings;
        this.tls = PinnedConnections.tls(settings.trusted());
    }

    /** @throws dev.slipway.workflows.problem.ProblemException with one of the {@code GIT_} codes */
    <T> T call(TransportCommand<?, T> command, GitUrl url) {
        Optional<GitAddress> address = GitAddress.parse(url.text());
        Optional<GitLogin> login = address.flatMap(at -> GitAddress.nearest(keyring.logins(), at));
        command.setTimeout((int) settings.timeout().toSeconds());
        if (address.isEmpty()) {
            if (url.text().startsWith("git:")) {
                check(url, "git", URI.create(url.text()).getHost());
            }
            return call(command, url, null);
        }
        GitAddress at = address.get();
        if (at.scheme().equals("ssh")) {
            return overSsh(command, url, at, login.orElse(null));
        }
        login.filter(one -> at.scheme().equals("https"))
                .ifPresent(one -> command.setCredentialsProvider(new PasswordOnce(at, one)));
        command.setTransportConfigCallback(transport -> {
            if (transport instanceof TransportHttp http) {
                http.setHttpConnectionFactory(new PinnedConnections(settings.outbound(), tls));
            }
        });
        return call(command, url, null);
    }

    private <T> T overSsh(TransportCommand<?, T> command, GitUrl url, GitAddress at, @Nullable GitLogin login) {
        if (login != null && login.kind() != GitLogin.Kind.SSH_KEY) {
            throw GitProblems.of(
                    ProblemCode.GIT_DENIED, url.toString(), "reason", "ssh needs a key, " + login.name() + " has none");
        }
        List<KeyPair> keys = login == null ? List.of() : SshKeys.read(login.name(), login.secret(), login.passphrase());
        Checked checked = check(url, at.scheme(), at.host());
        PinnedHost pinned = new PinnedHost(checked.addresses().get(0).getHostAddress());
        ServerKeys servers = new ServerKeys(keyring, at);
        Path home = nobody();
        try (SshdSessionFactory sessions = new SshdSessionFactoryBuilder()
                .setHomeDirectory(home.toFile())
                .setSshDirectory(home.toFile())
                .setConfigStoreFactory((user, config, name) -> pinned)
                .setConnectorFactory(null)
                .setDefaultIdentities(folder -> List.of())
                .setDefaultKeysProvider(folder -> keys)
                .setPreferredAuthentications("publickey")
                .setServerKeyDatabase((user, folder) -> servers)
                .build(null)) {
            command.setTransportConfigCallback(transport -> {
                if (transport instanceof SshTransport ssh) {
                    ssh.setSshSessionFactory(sessions);
                }
            });
            return call(command, url, servers);
        }
    }

    private Checked check(GitUrl url, String scheme, String host) {
        try {
            return settings.outbound().check(scheme, host);
        } catch (UnknownHostException e) {
            throw GitProblems.remote(url, e);
        }
    }

    private static <T> T call(TransportCommand<?, T> command, GitUrl url, @Nullable ServerKeys servers) {
        try {
            return command.call();
        } catch (GitAPIException | JGitInternalException e) {
            if (servers != null && servers.refusal() != null) {
                throw servers.refusal();
            }
            throw GitProblems.remote(url, e);
        }
    }

    /** An empty folder in the place of a user's home. */
    private Path nobody() {
        try {
            return Files.createDirectories(settings.mirrors().toAbsolutePath().resolve("nobody"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
