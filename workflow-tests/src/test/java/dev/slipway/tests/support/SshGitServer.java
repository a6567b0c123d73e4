package dev.slipway.tests.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.PublicKey;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.shell.InvertedShellWrapper;
import org.apache.sshd.server.shell.ProcessShell;

/** Serves the repositories of a folder by git's own {@code upload-pack} and {@code receive-pack}, over ssh, to who has one key. */
public final class SshGitServer implements AutoCloseable {
    private static final Pattern COMMAND = Pattern.compile("git[ -](upload-pack|receive-pack) '/?([A-Za-z0-9._/-]+)'");

    /** As forges say it. */
    private static final String READ_ONLY =
            "echo 'ERROR: The key you are authenticating with has been marked as read only.' >&2; exit 1";

    private final SshServer server;
    private volatile boolean readOnly;

    private SshGitServer(SshServer server) {
        this.server = server;
    }

    /** @param port 0: any that is free */
    public static SshGitServer start(Path root, KeyPair hostKey, PublicKey user, int port) {
        SshServer server = SshServer.setUpDefaultServer();
        SshGitServer git = new SshGitServer(server);
        server.setHost("127.0.0.1");
        server.setPort(port);
        server.setKeyPairProvider(KeyPairProvider.wrap(hostKey));
        server.setPublickeyAuthenticator((name, key, session) -> name.equals("git") && KeyUtils.compareKeys(key, user));
        server.setCommandFactory((channel, command) -> {
            Matcher asked = COMMAND.matcher(command);
            if (!asked.matches() || asked.group(2).contains("..")) {
                throw new IOException("refused: " + command);
            }
            if (git.readOnly && asked.group(1).equals("receive-pack")) {
                return new InvertedShellWrapper(new ProcessShell("sh", "-c", READ_ONLY));
            }
            String repository = root.resolve(asked.group(2)).toString();
            return new InvertedShellWrapper(
                    new ProcessShell("git", "-c", "safe.directory=*", asked.group(1), repository));
        });
        try {
            server.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return git;
    }

    /** From now on nobody may push. */
    public void readOnly() {
        readOnly = true;
    }

    public int port() {
        return server.getPort();
    }

    /** {@code ssh://git@127.0.0.1:4711}. */
    public String url() {
        return "ssh://git@127.0.0.1:" + port();
    }

    @Override
    public void close() {
        try {
            server.stop(true);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
