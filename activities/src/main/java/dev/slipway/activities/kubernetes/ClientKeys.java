package dev.slipway.activities.kubernetes;

import io.fabric8.kubernetes.client.Config;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;

/**
 * Prepares a client's key for the client library, which takes one in PKCS#8 form for RSA unless it is told otherwise, and
 * does not know elliptic curve keys in the SEC 1 form that k3s and OpenSSL write.
 */
final class ClientKeys {
    private static final String SEC1 = "EC PRIVATE KEY";
    /** The object identifier of elliptic curve keys, 1.2.840.10045.2.1. */
    private static final byte[] EC = {0x06, 0x07, 0x2A, (byte) 0x86, 0x48, (byte) 0xCE, 0x3D, 0x02, 0x01};

    private static final int SEQUENCE = 0x30;
    private static final int OCTETS = 0x04;
    /** Context tag 0 of a SEC 1 key: its curve. */
    private static final int CURVE = 0xA0;

    private ClientKeys() {}

    /** Says which algorithm the key is for, and rewrites a key that could not be read otherwise. */
    static void prepare(Config config) throws IOException {
        String pem = pem(config);
        if (pem.contains("BEGIN " + SEC1)) {
            byte[] key = pkcs8(der(pem, SEC1));
            String text = "-----BEGIN PRIVATE KEY-----\n"
                    + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key)
                    + "\n-----END PRIVATE KEY-----\n";
            config.setClientKeyData(Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8)));
            config.setClientKeyFile(null);
            config.setClientKeyAlgo("EC");
        } else {
            config.setClientKeyAlgo(
                    pem.contains("BEGIN PRIVATE KEY") && isElliptic(der(pem, "PRIVATE KEY")) ? "EC" : "RSA");
        }
    }

    private static boolean isElliptic(byte[] der) {
        try {
            var unused = KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(der));
            return true;
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            return false;
        }
    }

    /** The block of that kind; a key file may have another one, with the curve, before it. */
    private static byte[] der(String pem, String kind) throws IOException {
        String begin = "-----BEGIN " + kind + "-----";
        int start = pem.indexOf(begin) + begin.length();
        int end = pem.indexOf("-----END " + kind + "-----", start);
        if (end < 0) {
            throw new IOException("the client key has no end");
        }
        return Base64.getMimeDecoder().decode(pem.substring(start, end));
    }

    /**
     * The same key in the other form.
     *
     * @see <a href="https://www.rfc-editor.org/rfc/rfc5915">RFC 5915</a>
     */
    private static byte[] pkcs8(byte[] sec1) throws IOException {
        try {
            ByteBuffer key = element(ByteBuffer.wrap(sec1), SEQUENCE);
            byte[] curve = null;
            while (key.hasRemaining() && curve == null) {
                int tag = key.get() & 0xFF;
                byte[] content = content(key);
                curve = tag == CURVE ? content : null;
            }
            if (curve == null) {
                throw new IOException("the client key does not name its curve");
            }
            byte[] algorithm = tagged(SEQUENCE, EC, curve);
            byte[] version = {0x02, 0x01, 0x00};
            return tagged(SEQUENCE, version, algorithm, tagged(OCTETS, sec1));
        } catch (java.nio.BufferUnderflowException e) {
            throw new IOException("the client key is cut short", e);
        }
    }

    private static ByteBuffer element(ByteBuffer der, int tag) throws IOException {
        if ((der.get() & 0xFF) != tag) {
            throw new IOException("the client key is none");
        }
        return ByteBuffer.wrap(content(der));
    }

    private static byte[] content(ByteBuffer der) throws IOException {
        int length = der.get() & 0xFF;
        if (length > 0x80) {
            int bytes = length & 0x7F;
            length = 0;
            for (int i = 0; i < bytes && i < 4; i++) {
                length = length << 8 | der.get() & 0xFF;
            }
        }
        if (length < 0 || length > der.remaining()) {
            throw new IOException("the client key is cut short");
        }
        byte[] content = new byte[length];
        der.get(content);
        return content;
    }

    private static byte[] tagged(int tag, byte[]... parts) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            content.writeBytes(part);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        int length = content.size();
        if (length < 0x80) {
            out.write(length);
        } else {
            out.write(0x82);
            out.write(length >> 8);
            out.write(length);
        }
        out.writeBytes(content.toByteArray());
        return out.toByteArray();
    }

    private static String pem(Config config) throws IOException {
        if (config.getClientKeyData() != null) {
            byte[] data = Base64.getMimeDecoder().decode(config.getClientKeyData());
            return new String(data, StandardCharsets.UTF_8);
        }
        return config.getClientKeyFile() == null ? "" : Files.readString(Path.of(config.getClientKeyFile()));
    }
}
