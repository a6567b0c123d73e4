package dev.slipway.activities.kubernetes;

import io.fabric8.kubernetes.api.model.AuthInfo;
import io.fabric8.kubernetes.api.model.Config;
import io.fabric8.kubernetes.api.model.NamedAuthInfo;
import io.fabric8.kubernetes.client.OAuthTokenProvider;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The token of a kubeconfig's user, read anew whenever the file that holds it has changed: tokens expire, and whoever
 * renews them writes the file again. While it can't be read the last one is used.
 */
final class RenewedToken implements OAuthTokenProvider {
    private static final Logger LOG = LoggerFactory.getLogger(RenewedToken.class);
    private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Path kubeconfig;
    private final String user;
    private long looked = System.nanoTime() - LOOK_NANOS;
    private String token = "";

    private RenewedToken(Path kubeconfig, String user) {
        this.kubeconfig = kubeconfig;
        this.user = user;
    }

    /** Empty when the user signs in by other means: a certificate, a program. */
    static Optional<RenewedToken> of(Path kubeconfig, String user) {
        RenewedToken renewed = new RenewedToken(kubeconfig, user);
        return renewed.getToken().isEmpty() ? Optional.empty() : Optional.of(renewed);
    }

    @Override
    public synchronized String getToken() {
        if (System.nanoTime() - looked >= LOOK_NANOS) {
            looked = System.nanoTime();
            try {
                token = read().orElse(token);
            } catch (IOException | RuntimeException e) {
                // Being written at this moment, or gone: its words are not logged, as they may quote the token.
                LOG.info(
                        "Could not read the token in {}: {}",
                        kubeconfig,
                        e.getClass().getSimpleName());
            }
        }
        return token;
    }

    private Optional<String> read() throws IOException {
        Config config = Serialization.unmarshal(Files.readString(kubeconfig), Config.class);
        return Objects.requireNonNullElse(config.getUsers(), java.util.List.<NamedAuthInfo>of()).stream()
                .filter(named -> user.equals(named.getName()) && named.getUser() != null)
                .findFirst()
                .map(NamedAuthInfo::getUser)
                .map(this::token);
    }

    /** As kubectl has it: the file goes before the word. */
    private String token(AuthInfo info) {
        if (info.getTokenFile() == null || info.getTokenFile().isEmpty()) {
            return Objects.requireNonNullElse(info.getToken(), "");
        }
        try {
            return Files.readString(kubeconfig.resolveSibling(info.getTokenFile()))
                    .strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
