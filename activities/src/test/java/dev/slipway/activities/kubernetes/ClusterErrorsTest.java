package dev.slipway.activities.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemCode.Remedy;
import dev.slipway.workflows.problem.ProblemException;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpTimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClusterErrorsTest {
    @ParameterizedTest(name = "{0} {1}")
    @CsvSource({
        "400, bad, KUBERNETES_REFUSED",
        "401, Unauthorized, KUBERNETES_UNAUTHORIZED",
        "403, secrets is forbidden: User x cannot list resource, KUBERNETES_FORBIDDEN",
        "403, pods web is forbidden: exceeded quota: small, KUBERNETES_REFUSED",
        "403, violates PodSecurity restricted:latest, KUBERNETES_REFUSED",
        "403, unable to create new content in namespace a because it is being terminated, "
                + "KUBERNETES_NAMESPACE_TERMINATING",
        "404, namespaces a not found, KUBERNETES_REFUSED",
        "422, Deployment.apps web is invalid, KUBERNETES_REFUSED",
        "409, the object has been modified, KUBERNETES_UNREACHABLE",
        "429, too many requests, KUBERNETES_UNREACHABLE",
        "500, etcdserver: leader changed, KUBERNETES_UNREACHABLE",
        "503, apiserver not ready, KUBERNETES_UNREACHABLE"
    })
    @DisplayName("what a person has to change is told apart from what needs time")
    void translates(int status, String message, ProblemCode expected) {
        Problem problem = translated(new KubernetesClientException(message, status, status(status, message)));

        assertThat(problem.code()).isEqualTo(expected);
        assertThat(problem.where()).isEqualTo("Deployment a/web");
        assertThat(problem.arguments())
                .containsEntry("cluster", "here")
                .containsEntry("message", message)
                .containsEntry("status", Integer.toString(status));
    }

    @Test
    @DisplayName("a cluster that is away needs time, and says what the network said")
    void translatesSilence() {
        Problem problem = translated(
                new KubernetesClientException("An error has occurred.", new ConnectException("Connection refused")));

        assertThat(problem.code().remedy()).isEqualTo(Remedy.WAIT);
        assertThat(problem.arguments()).containsEntry("message", "Connection refused");
    }

    @Test
    @DisplayName("a cut answer is asked for twice more, one that was refused, late or whole is not")
    void repeats() {
        assertThat(asked(new KubernetesClientException("cut", new IOException("received 10 of 20 bytes"))))
                .isEqualTo(3);
        assertThat(asked(new KubernetesClientException("away", new ConnectException("Connection refused"))))
                .isEqualTo(1);
        assertThat(asked(new KubernetesClientException("late", new HttpTimeoutException("request timed out"))))
                .isEqualTo(1);
        assertThat(asked(new KubernetesClientException("etcdserver", 500, status(500, "leader changed"))))
                .isEqualTo(1);
    }

    private static int asked(KubernetesClientException failure) {
        AtomicInteger asked = new AtomicInteger();
        assertThatThrownBy(() -> new ClusterErrors("here").at("Deployment a/web", () -> {
                    asked.incrementAndGet();
                    throw failure;
                }))
                .isInstanceOf(ProblemException.class)
                .hasCause(failure);
        return asked.get();
    }

    private static Problem translated(KubernetesClientException e) {
        return new ClusterErrors("here").translated(e, "Deployment a/web").problem();
    }

    private static Status status(int code, String message) {
        return new StatusBuilder().withCode(code).withMessage(message).build();
    }
}
