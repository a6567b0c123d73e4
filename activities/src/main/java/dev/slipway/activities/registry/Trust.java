package dev.slipway.activities.registry;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/** Whose certificates are believed beside those that Java believes. */
public final class Trust {
    private Trust() {}

    /**
     * The certificates of a PEM file.
     *
     * @throws IOException when it cannot be read or holds none
     */
    public static List<X509Certificate> read(Path file) throws IOException {
        List<X509Certificate> certificates = new ArrayList<>();
        try (InputStream in = Files.newInputStream(file)) {
            for (var certificate : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                if (certificate instanceof X509Certificate x509) {
                    certificates.add(x509);
                }
            }
        } catch (GeneralSecurityException e) {
            throw new IOException("no certificates in PEM", e);
        }
        if (certificates.isEmpty()) {
            throw new IOException("no certificates in PEM");
        }
        return List.copyOf(certificates);
    }

    public static SSLContext with(List<X509Certificate> more) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, managers(more), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java platform has TLS", e);
        }
    }

    /** Believe what Java believes, and these. */
    public static TrustManager[] managers(List<X509Certificate> more) {
        try {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            int count = 0;
            for (X509Certificate usual : usual()) {
                store.setCertificateEntry("usual-" + count++, usual);
            }
            for (X509Certificate one : more) {
                store.setCertificateEntry("more-" + count++, one);
            }
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(store);
            return factory.getTrustManagers();
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("Every Java platform has TLS", e);
        }
    }

    private static List<X509Certificate> usual() throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init((KeyStore) null);
        List<X509Certificate> usual = new ArrayList<>();
        for (TrustManager manager : factory.getTrustManagers()) {
            if (manager instanceof X509TrustManager x509) {
                usual.addAll(List.of(x509.getAcceptedIssuers()));
            }
        }
        return usual;
    }
}
