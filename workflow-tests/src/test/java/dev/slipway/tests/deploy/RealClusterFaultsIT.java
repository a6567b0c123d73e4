package dev.slipway.tests.deploy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.slipway.tests.support.Engines;
import dev.slipway.tests.support.FaultyProxy;
import dev.slipway.tests.support.FaultyProxy.Fate;
import dev.slipway.tests.support.RealCluster;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.DisplayName;

@DisplayName("faults before a real API server")
class RealClusterFaultsIT extends ClusterFaultsContract {
    private KubernetesClient cluster;
    private KubernetesClient least;

    @Override
    FaultyProxy proxied() throws IOException {
        cluster = RealCluster.admin();
        least = RealCluster.slipway();
        return FaultyProxy.before(least.getConfiguration());
    }

    @Override
    void disconnect() {
        if (least != null) {
            least.close();
            cluster.close();
        }
    }

    @Override
    KubernetesClient cluster() {
        return cluster;
    }

    @Override
    String token() {
        return least.getConfiguration().getOauthTokenProvider().getToken();
    }

    @Override
    String renewed() throws IOException {
        String claims = new String(Base64.getUrlDecoder().decode(token().split("\\.", -1)[1]), StandardCharsets.UTF_8);
        String[] subject =
                new ObjectMapper().readTree(claims).path("sub").asText().split(":", -1);
        return cluster.serviceAccounts()
                .inNamespace(subject[2])
                .withName(subject[3])
                .tokenRequest(new TokenRequestBuilder()
                        .withNewSpec()
                        .withExpirationSeconds(3600L)
                        .endSpec()
                        .build())
                .getStatus()
                .getToken();
    }

    @Override
    Fate expired() {
        return Fate.EXPIRED;
    }

    @Override
    List<String> settings() {
        return List.of(
                "slipway.registry.address=" + Engines.variable("SLIPWAY_IT_REGISTRY"),
                "slipway.registry.insecure=true");
    }

    @Override
    String workload(Duration readyAfter) {
        String image = Engines.variable("SLIPWAY_IT_BASE_IMAGE");
        return """
                source: {image: "slipway.registry%s"}
                ports: [{name: http, port: 8080, protocol: http}]
                probes: {readiness: {tcp: http, period: 1}}
                resources: {cpu: 10m..500m, memory: 16Mi..64Mi}
                security: {runAsUser: 65534}
                command:
                  - sh
                  - -c
                  - "echo begins; trap 'kill $!; exit' TERM; (sleep %.1f; exec httpd -f -p 8080 -h /tmp) & wait"
                """.formatted(image.substring(image.indexOf('/')), readyAfter.toMillis() / 1000.0);
    }

    @Override
    String crashing() {
        String image = Engines.variable("SLIPWAY_IT_BASE_IMAGE");
        return """
                source: {image: "slipway.registry%s"}
                resources: {cpu: 10m..500m, memory: 16Mi..64Mi}
                security: {runAsUser: 65534}
                command: [sh, -c, "exit 3"]
                """.formatted(image.substring(image.indexOf('/')));
    }
}
