package dev.slipway.activities.kubernetes;

import io.fabric8.kubernetes.client.Config;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;

/** The client library takes a key in PKCS#8 form for RSA unless it is told otherwise; so the key itself is asked. */
final class ClientKeys {
    private ClientKeys() {}

    static String algorithm(Config config) throws IOException {
        String pem = pem(config);
        if (!pem.contains("BEGIN PRIVATE KEY")) {
            return pem.contains("BEGIN EC PRIVATE KEY") ? "EC" : "RSA";
        }
        try {
            byte[] der = Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", ""));
            var unused = KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(der));
            return "EC";
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            return "RSA";
        }
    }

    private static String pem(Config config) throws IOException {
        if (config.getClientKeyData() != null) {
            byte[] data = Base64.getMimeDecoder().decode(config.getClientKeyData());
            return new String(data, StandardCharsets.UTF_8);
        }
        return config.getClientKeyFile() == null ? "" : Files.readString(Path.of(config.getClientKeyFile()));
    }
}
