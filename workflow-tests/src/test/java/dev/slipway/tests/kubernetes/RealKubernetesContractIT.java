package dev.slipway.tests.kubernetes;

import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.util.Base64;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;

@DisplayName("a real cluster keeps the Kubernetes contract")
class RealKubernetesContractIT extends KubernetesContract {
    private static KubernetesClient client;
    private static String image;

    @BeforeAll
    static void connect() throws IOException {
        String kubeconfig = required("SLIPWAY_IT_KUBECONFIG", "the path of a kubeconfig");
        image = required("SLIPWAY_IT_BASE_IMAGE", "a busybox image the cluster can pull");
        Config config = Config.fromKubeconfig(Files.readString(Path.of(kubeconfig)));
        config.setClientKeyAlgo(keyAlgorithm(config));
        client = new KubernetesClientBuilder().withConfig(config).build();
    }

    @AfterAll
    static void disconnect() {
        if (client != null) {
            client.close();
        }
    }

    private static String required(String variable, String meaning) {
        String value = System.getenv(variable);
        if (value == null || value.isBlank()) {
            String message = "set " + variable + " to " + meaning + " to run this test";
            if ("true".equals(System.getenv("SLIPWAY_IT_REQUIRED"))) {
                fail(message);
            }
            assumeTrue(false, message);
        }
        return value;
    }

    /** The client takes a key in PKCS#8 form for RSA unless told otherwise, so the key itself is asked. */
    private static String keyAlgorithm(Config config) {
        if (config.getClientKeyData() == null) {
            return "RSA";
        }
        String pem = new String(Base64.getMimeDecoder().decode(config.getClientKeyData()), StandardCharsets.UTF_8);
        if (!pem.contains("BEGIN PRIVATE KEY")) {
            return pem.contains("BEGIN EC") ? "EC" : "RSA";
        }
        byte[] der = Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", ""));
        try {
            KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(der));
            return "EC";
        } catch (GeneralSecurityException e) {
            return "RSA";
        }
    }

    @Override
    KubernetesClient client() {
        return client;
    }

    @Override
    String image() {
        return image;
    }

    @Override
    Duration patience() {
        return Duration.ofSeconds(60);
    }
}
