package dev.slipway.web.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.List;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslStoreBundle;
import org.springframework.boot.ssl.pem.PemContent;

/**
 * A certificate with those that signed it, and its key.
 *
 * @param chain the server's own certificate first
 */
record PemPair(List<X509Certificate> chain, PrivateKey key) {
    private static final String ALIAS = "slipway";
    private static final String PASSWORD = "";

    PemPair {
        chain = List.copyOf(chain);
    }

    /** @throws IOException in words: a file cannot be read, holds no such thing, or the two do not belong together */
    static PemPair read(Path certificate, Path key) throws IOException {
        List<X509Certificate> chain;
        try {
            chain = PemContent.of(Files.readString(certificate)).getCertificates();
        } catch (IllegalStateException | IllegalArgumentException noCertificate) {
            throw new IOException(certificate + " holds no certificate in PEM", noCertificate);
        }
        PrivateKey secret;
        try {
            secret = PemContent.of(Files.readString(key)).getPrivateKey();
        } catch (IllegalStateException | IllegalArgumentException noKey) {
            throw new IOException(key + " holds no private key in PEM without passphrase", noKey);
        }
        if (chain.isEmpty() || secret == null) {
            throw new IOException((chain.isEmpty() ? certificate : key) + " is empty");
        }
        try {
            if (!belong(secret, chain.get(0).getPublicKey())) {
                throw new IOException(key + " is not the key of " + certificate);
            }
        } catch (GeneralSecurityException e) {
            throw new IOException(key + " is not the key of " + certificate, e);
        }
        return new PemPair(chain, secret);
    }

    private static boolean belong(PrivateKey key, PublicKey certified) throws GeneralSecurityException {
        String algorithm = switch (key.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> key.getAlgorithm();
        };
        byte[] text = new byte[32];
        new SecureRandom().nextBytes(text);
        Signature signing = Signature.getInstance(algorithm);
        signing.initSign(key);
        signing.update(text);
        byte[] signature = signing.sign();
        Signature verifying = Signature.getInstance(algorithm);
        verifying.initVerify(certified);
        verifying.update(text);
        return verifying.verify(signature);
    }

    /** For the server. */
    SslBundle bundle() {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry(ALIAS, key, PASSWORD.toCharArray(), chain.toArray(X509Certificate[]::new));
            return SslBundle.of(SslStoreBundle.of(store, PASSWORD, null));
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Never the key. */
    @Override
    public String toString() {
        return chain.get(0).getSubjectX500Principal() + " until "
                + chain.get(0).getNotAfter().toInstant();
    }
}
