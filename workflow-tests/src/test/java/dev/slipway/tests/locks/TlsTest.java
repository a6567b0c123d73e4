package dev.slipway.tests.locks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.slipway.tests.support.OwnCertificate;
import dev.slipway.tests.support.RunningSlipway;
import java.io.ByteArrayInputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class TlsTest {
    @TempDir
    Path folder;

    @Test
    @DisplayName(
            "TLS by two PEM files: renewed ones are used from the next handshake on, a pair that does not fit keeps the one before")
    void renewed(CapturedOutput console) throws Exception {
        OwnCertificate first = OwnCertificate.create();
        Path certificate = Files.writeString(folder.resolve("tls.crt"), first.pem());
        Path key = Files.writeString(folder.resolve("tls.key"), first.key());
        try (RunningSlipway slipway = RunningSlipway.start(
                folder.resolve("data"), "slipway.tls.certificate=" + certificate, "slipway.tls.key=" + key)) {
            int port = URI.create(slipway.url()).getPort();
            assertThat(answered(port, first)).isEqualTo(parsed(first));
            HttpResponse<String> page = HttpClient.newBuilder()
                    .sslContext(trusting(first))
                    .build()
                    .send(
                            HttpRequest.newBuilder(URI.create("https://localhost:" + port + "/environments"))
                                    .header("Accept", "text/html")
                                    .build(),
                            BodyHandlers.ofString());
            assertThat(page.headers().firstValue("Strict-Transport-Security"))
                    .hasValueSatisfying(value -> assertThat(value).contains("max-age=31536000"));
            assertThat(page.headers().allValues("Set-Cookie"))
                    .isNotEmpty()
                    .allSatisfy(cookie -> assertThat(cookie)
                            .contains("Secure")
                            .contains("HttpOnly")
                            .contains("SameSite=Lax"));
            assertThat(page.headers().firstValue("Location").orElse("")).doesNotStartWith("http:");
            HttpResponse<String> plain = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/environments"))
                                    .build(),
                            BodyHandlers.ofString());
            assertThat(plain.statusCode()).isEqualTo(400);

            OwnCertificate second = OwnCertificate.create();
            Files.writeString(certificate, second.pem());
            Files.writeString(key, second.key());
            await().atMost(Duration.ofSeconds(20))
                    .ignoreExceptions()
                    .untilAsserted(() -> assertThat(answered(port, second)).isEqualTo(parsed(second)));

            Files.writeString(key, first.key());
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(console.getAll()).contains("the one before stays"));
            assertThat(answered(port, second)).isEqualTo(parsed(second));
            Files.writeString(certificate, "nonsense");
            Thread.sleep(3_000);
            assertThat(answered(port, second)).isEqualTo(parsed(second));
        }
        assertThat(console.getAll()).doesNotContain("PRIVATE KEY");
    }

    @Test
    @DisplayName("a pair that does not fit stops the start, in words")
    void wrongPair() throws Exception {
        Path certificate = Files.writeString(
                folder.resolve("tls.crt"), OwnCertificate.create().pem());
        Path key = Files.writeString(
                folder.resolve("tls.key"), OwnCertificate.create().key());

        assertThatThrownBy(() -> RunningSlipway.start(
                                folder.resolve("data"),
                                "slipway.tls.certificate=" + certificate,
                                "slipway.tls.key=" + key)
                        .close())
                .hasStackTraceContaining("SLP-START-SETTING");
    }

    private static X509Certificate answered(int port, OwnCertificate trusted) throws Exception {
        try (Socket socket = trusting(trusted).getSocketFactory().createSocket("localhost", port)) {
            SSLSocket tls = (SSLSocket) socket;
            tls.startHandshake();
            return (X509Certificate) tls.getSession().getPeerCertificates()[0];
        }
    }

    private static X509Certificate parsed(OwnCertificate certificate) throws Exception {
        return (X509Certificate) CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(certificate.pem().getBytes(StandardCharsets.US_ASCII)));
    }

    private static SSLContext trusting(OwnCertificate certificate) throws Exception {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        store.setCertificateEntry("own", parsed(certificate));
        TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init(store);
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(null, managers.getTrustManagers(), null);
        return tls;
    }
}
