package dev.slipway.web.tls;

import dev.slipway.web.SlipwaySettings;
import dev.slipway.web.SlipwaySettings.Tls;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import java.io.IOException;
import java.nio.file.Path;
import org.springframework.boot.autoconfigure.ssl.SslBundleRegistrar;
import org.springframework.boot.ssl.SslBundleRegistry;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.Ssl;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** Switches TLS on where a certificate is set. Without one nothing changes. */
@Configuration(proxyBeanMethods = false)
class TlsConfiguration {
    static final String BUNDLE = "slipway";

    /** A pair that cannot be used stops the start; later it only keeps the one before. */
    @Bean
    SslBundleRegistrar tlsFromFiles(SlipwaySettings settings) {
        return registry -> {
            Tls tls = settings.tls();
            if (tls.isOn()) {
                registry.registerBundle(BUNDLE, first(tls).bundle());
            }
        };
    }

    private static PemPair first(Tls tls) {
        Path certificate = tls.certificateFile();
        Path key = tls.keyFile();
        try {
            return PemPair.read(certificate, key);
        } catch (IOException e) {
            throw new ProblemException(
                    Problem.of(
                            ProblemCode.START_SETTING,
                            "slipway.tls",
                            "value",
                            certificate + ", " + key,
                            "expected",
                            "a certificate and its key in PEM (" + e.getMessage() + ")"),
                    e);
        }
    }

    @Bean
    @Order(Ordered.LOWEST_PRECEDENCE)
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> tls(SlipwaySettings settings) {
        return server -> {
            if (settings.tls().isOn()) {
                server.setSsl(Ssl.forBundle(BUNDLE));
            }
        };
    }

    @Bean
    TlsRenewal tlsRenewal(SlipwaySettings settings, SslBundleRegistry registry) {
        return new TlsRenewal(settings.tls(), registry);
    }
}
