package dev.slipway.web.tls;

import dev.slipway.activities.threads.DaemonThreads;
import dev.slipway.web.SlipwaySettings.Tls;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.ssl.SslBundleRegistry;
import org.springframework.context.SmartLifecycle;

/**
 * Looks every two seconds whether the files are other ones, also behind links as Kubernetes mounts them. A new pair is used from the
 * next handshake on; one that cannot be used is told once, and the one before stays.
 */
final class TlsRenewal implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(TlsRenewal.class);
    private static final Duration PERIOD = Duration.ofSeconds(2);

    private final Tls tls;
    private final SslBundleRegistry registry;
    private final ScheduledExecutorService clock =
            Executors.newSingleThreadScheduledExecutor(DaemonThreads.named("tls-renewal"));
    private String seen = "";
    private volatile boolean running;

    TlsRenewal(Tls tls, SslBundleRegistry registry) {
        this.tls = tls;
        this.registry = registry;
    }

    private void look() {
        try {
            String now = content();
            if (now.equals(seen)) {
                return;
            }
            seen = now;
            PemPair pair = PemPair.read(tls.certificateFile(), tls.keyFile());
            registry.updateBundle(TlsConfiguration.BUNDLE, pair.bundle());
            LOG.info("TLS goes on with {}", pair);
        } catch (IOException | RuntimeException unusable) {
            LOG.error(
                    "the certificate was renewed and cannot be used, the one before stays: {}", unusable.getMessage());
        }
    }

    private String content() throws IOException {
        return Files.readString(tls.certificateFile()).hashCode() + ":"
                + Files.readString(tls.keyFile()).hashCode();
    }

    @Override
    public void start() {
        running = true;
        if (tls.isOn()) {
            try {
                seen = content();
            } catch (IOException gone) {
                LOG.warn("the certificate is gone: {}", gone.getMessage());
            }
            var unused = clock.scheduleWithFixedDelay(
                    this::look, PERIOD.toMillis(), PERIOD.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    @Override
    public void stop() {
        running = false;
        clock.shutdown();
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
