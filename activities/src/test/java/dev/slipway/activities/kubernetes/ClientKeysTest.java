package dev.slipway.activities.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.internal.SSLUtils;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.Signature;
import java.util.Arrays;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManager;
import javax.net.ssl.X509KeyManager;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClientKeysTest {
    private static final char[] PASSWORD = "password".toCharArray();
    /** Object identifiers of the curves, as DER. */
    private static final byte[] P256 = {0x06, 0x08, 0x2A, (byte) 0x86, 0x48, (byte) 0xCE, 0x3D, 0x03, 0x01, 0x07};

    private static final byte[] P384 = {0x06, 0x05, 0x2B, (byte) 0x81, 0x04, 0x00, 0x22};

    @TempDir
    Path folder;

    @ParameterizedTest(name = "{0} {1} as {2}")
    @DisplayName("every form in which kubeconfigs hold client keys is read as the key that it is")
    @CsvSource({
        "RSA, 2048, PRIVATE KEY",
        "RSA, 2048, RSA PRIVATE KEY",
        "EC, 256, PRIVATE KEY",
        "EC, 256, EC PRIVATE KEY",
        "EC, 384, EC PRIVATE KEY"
    })
    void reads(String algorithm, int size, String form) throws Exception {
        KeyStore made = keys(algorithm, size);
        byte[] pkcs8 = made.getKey("me", PASSWORD).getEncoded();
        byte[] key = form.equals("PRIVATE KEY") ? pkcs8 : inner(pkcs8);
        if (form.equals("EC PRIVATE KEY")) {
            key = withCurve(key, size == 256 ? P256 : P384);
        }
        Config config = new ConfigBuilder(Config.empty())
                .withMasterUrl("https://k.example")
                .withClientKeyData(pem(form, key))
                .withClientCertData(pem("CERTIFICATE", made.getCertificate("me").getEncoded()))
                .build();

        ClientKeys.prepare(config);

        KeyManager[] managers = SSLUtils.keyManagers(config);
        assertThat(managers).isNotEmpty();
        X509KeyManager manager = (X509KeyManager) managers[0];
        String[] aliases = manager.getClientAliases(algorithm, null);
        assertThat(aliases).isNotEmpty();
        Signature signing = Signature.getInstance(algorithm.equals("EC") ? "SHA256withECDSA" : "SHA256withRSA");
        signing.initSign(manager.getPrivateKey(aliases[0]));
        signing.update(key);
        byte[] signature = signing.sign();
        signing.initVerify(made.getCertificate("me"));
        signing.update(key);
        assertThat(signing.verify(signature)).isTrue();
    }

    /** Made by the Java that runs this test. */
    private KeyStore keys(String algorithm, int size) throws Exception {
        Path file = folder.resolve("keys.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "me",
                        "-dname",
                        "CN=me",
                        "-keyalg",
                        algorithm,
                        "-keysize",
                        Integer.toString(size),
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        file.toString(),
                        "-storepass",
                        new String(PASSWORD))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("keytool.txt").toFile())
                .start();
        assertThat(keytool.waitFor(1, TimeUnit.MINUTES)).isTrue();
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, PASSWORD);
        }
        return store;
    }

    /** The last element of a PKCS#8 key holds the key in its algorithm's own form. */
    private static byte[] inner(byte[] pkcs8) {
        int[] at = {0};
        int end = enter(pkcs8, at);
        byte[] content = {};
        while (at[0] < end) {
            int tag = pkcs8[at[0]];
            int stop = enter(pkcs8, at);
            if (tag == 0x04) {
                content = Arrays.copyOfRange(pkcs8, at[0], stop);
            }
            at[0] = stop;
        }
        return content;
    }

    private static int enter(byte[] der, int[] at) {
        at[0]++;
        int length = der[at[0]++] & 0xFF;
        if (length > 0x80) {
            int bytes = length & 0x7F;
            length = 0;
            for (int i = 0; i < bytes; i++) {
                length = length << 8 | der[at[0]++] & 0xFF;
            }
        }
        return at[0] + length;
    }

    /** As OpenSSL writes it: Java leaves the curve out. */
    private static byte[] withCurve(byte[] sec1, byte[] curve) {
        int[] at = {0};
        int end = enter(sec1, at);
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        content.write(sec1, at[0], end - at[0]);
        content.write(0xA0);
        content.write(curve.length);
        content.writeBytes(curve);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(0x30);
        if (content.size() >= 0x80) {
            out.write(0x81);
        }
        out.write(content.size());
        out.writeBytes(content.toByteArray());
        return out.toByteArray();
    }

    private static String pem(String kind, byte[] der) {
        String text = "-----BEGIN " + kind + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der) + "\n-----END " + kind + "-----\n";
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
