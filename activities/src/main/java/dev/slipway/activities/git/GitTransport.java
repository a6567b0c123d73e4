package dev.slipway.activities.git;

import dev.slipway.activities.registry.Trust;
import dev.slipway.activities.store.GitKeyring;
import dev.slipway.activities.store.GitLogin;
import dev.slipway.workflows.problem.ProblemCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.TrustManager;
import org.eclipse.jgit.api.TransportCommand;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.eclipse.jgit.api.errors.JGitInternalException;
import org.eclipse.jgit.transport.SshTransport;
import org.eclipse.jgit.transport.TransportHttp;
import org.eclipse.jgit.transport.http.HttpConnection;
import org.eclipse.jgit.transport.http.JDKHttpConnectionFactory;
import org.eclipse.jgit.transport.sshd.SshdSessionFactory;
import org.eclipse.jgit.transport.sshd.SshdSessionFactoryBuilder;
import org.jspecify.annotations.Nullable;

/**
 * Talks to git servers: with the login that is kept for the address, over https or ssh, and with nothing of the user who started
 * Slipway: no {@code .netrc}, no {@code .ssh}, no agent. A login goes to the server it is kept for and to no other, whatever that one
 * redirects to.
 */
final class GitTransport {
    private final GitKeyring keyring;
    private final GitSettings settings;
    /** {@code null}: only what Java believes. */
    private final @Nullable Trusting trusting;

    GitTransport(GitKeyring keyring, GitSettings settings) {
        this.keyring = keyring;
        this.settings = settings;
        this.trusting = settings.trusted().isEmpty() ? null : new Trusting(Trust.managers(settings.trusted()));
    }

    /** @throws dev.slipway.workflows.problem.ProblemException with one of the {@code GIT_} codes */
    <T> T call(TransportCommand<?, T> command, GitUrl url) {
        Optional<GitAddress> address = GitAddress.parse(url.text());
        Optional<GitLogin> login = address.flatMap(at -> GitAddress.nearest(keyring.logins(), at));
        command.setTimeout((int) settings.timeout().toSeconds());
        if (address.isEmpty()) {
            return call(command, url, null);
        }
        GitAddress at = address.get();
        if (at.scheme().equals("ssh")) {
            return overSsh(command, url, at, login.orElse(null));
        }
        login.filter(one -> at.scheme().equals("https"))
                .ifPresent(one -> command.setCredentialsProvider(new PasswordOnce(at, one)));
        command.setTransportConfigCallback(transport -> {
            if (transport instanceof TransportHttp http && trusting != null) {
                http.setHttpConnectionFactory(trusting);
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
        ServerKeys servers = new ServerKeys(keyring, at);
        Path home = nobody();
        try (SshdSessionFactory sessions = new SshdSessionFactoryBuilder()
                .setHomeDirectory(home.toFile())
                .setSshDirectory(home.toFile())
                .setConfigStoreFactory((user, config, name) -> null)
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

    /** Believes the configured certificates too. */
    private static final class Trusting extends JDKHttpConnectionFactory {
        private final TrustManager[] managers;

        Trusting(TrustManager[] managers) {
            this.managers = managers;
        }

        @Override
        public GitSession newSession() {
            GitSession usual = super.newSession();
            return new GitSession() {
                @Override
                public HttpConnection configure(HttpConnection connection, boolean verify)
                        throws IOException, GeneralSecurityException {
                    HttpConnection configured = usual.configure(connection, true);
                    configured.configure(null, managers, null);
                    return configured;
                }

                @Override
                public void close() {
                    usual.close();
                }
            };
        }
    }
}
