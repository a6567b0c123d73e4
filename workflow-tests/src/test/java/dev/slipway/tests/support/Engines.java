package dev.slipway.tests.support;

import static org.assertj.core.api.Assertions.fail;

import dev.slipway.workflows.application.ImageReference;
import org.junit.jupiter.api.Assumptions;

/** Real engines by their environment variables. */
public final class Engines {
    private Engines() {}

    /**
     * The variable's value. Where it is missing the test is skipped and says what to set; with {@code
     * SLIPWAY_IT_REQUIRED=true} it fails.
     */
    public static String variable(String name) {
        String value = System.getenv(name);
        if (value == null || value.isBlank()) {
            String message = "set " + name + " to test against a real engine";
            if ("true".equals(System.getenv("SLIPWAY_IT_REQUIRED"))) {
                fail(message);
            }
            Assumptions.abort(message);
        }
        return value;
    }

    /** An image of the real registry by the name of Slipway's own, which that registry is in tests on real engines. */
    public static String ownImage(String variable) {
        String image = variable(variable);
        return ImageReference.OWN_REGISTRY + image.substring(image.indexOf('/'));
    }

    /**
     * The kubeconfig that Slipway itself uses in a test: an account with the rights of {@code ops/kubernetes/role.yaml}
     * and no more where {@code SLIPWAY_IT_KUBECONFIG_LEAST} names one, else the test's own.
     */
    public static String kubeconfig() {
        String least = System.getenv("SLIPWAY_IT_KUBECONFIG_LEAST");
        return least == null || least.isBlank() ? variable("SLIPWAY_IT_KUBECONFIG") : least;
    }
}
