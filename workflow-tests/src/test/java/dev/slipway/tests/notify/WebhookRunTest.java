package dev.slipway.tests.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.slipway.activities.notify.Outbox;
import dev.slipway.activities.notify.OutboxMessage;
import dev.slipway.activities.notify.Webhook.Event;
import dev.slipway.activities.notify.WebhookSignature;
import dev.slipway.activities.notify.WebhookStore;
import dev.slipway.activities.store.RunStore.StoredRun;
import dev.slipway.activities.store.Secret;
import dev.slipway.tests.notify.ReceivingServer.Got;
import dev.slipway.tests.support.OwnCertificate;
import dev.slipway.tests.support.RunningSlipway;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A run that a worker ends is told over https")
class WebhookRunTest {
    private static final String DOCUMENT = """
            apiVersion: slipway.dev/v1
            kind: Application
            metadata: {name: told}
            spec:
              components:
                - name: web
                  source: {image: registry.example/web@sha256:%s}
            """.formatted("0".repeat(64));

    @Test
    @DisplayName("to whom the certificate is believed, and to nobody else")
    void tells(@TempDir Path data) throws Exception {
        OwnCertificate believed = OwnCertificate.create();
        Path ca = Files.writeString(data.resolve("ca.pem"), believed.pem());
        try (ReceivingServer receiver = new ReceivingServer(believed);
                ReceivingServer stranger = new ReceivingServer(OwnCertificate.create());
                RunningSlipway slipway = RunningSlipway.start(data, "slipway.outbound.ca=" + ca)) {
            WebhookStore webhooks = slipway.get(WebhookStore.class);
            Secret secret =
                    webhooks.add(wanted("good", receiver.url().replace("127.0.0.1", "localhost") + "/hook"), "test");
            webhooks.add(wanted("stranger", stranger.url()), "test");

            StoredRun run = slipway.deploy(slipway.environment(DOCUMENT, "told-dev"));

            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(receiver.got()).hasSize(1));
            Got got = receiver.got().get(0);
            JsonNode about = new ObjectMapper().readTree(got.body()).path("run");
            assertThat(about.path("id").asText()).isEqualTo(run.id());
            assertThat(about.path("outcome").asText())
                    .isEqualTo(run.outcome() == null ? "" : run.outcome().word());
            assertThat(about.path("link").asText()).isEqualTo(slipway.url() + "/runs/" + run.id());
            assertThat(WebhookSignature.verify(
                            secret,
                            got.header(WebhookSignature.HEADER),
                            got.body(),
                            Instant.now(),
                            Duration.ofMinutes(5)))
                    .isTrue();
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(message(slipway, "stranger").answer())
                            .isNotNull()
                            .contains("PKIX path"));
            assertThat(message(slipway, "good").state()).isEqualTo(OutboxMessage.State.DELIVERED);
            assertThat(stranger.got()).isEmpty();
        }
    }

    private static OutboxMessage message(RunningSlipway slipway, String webhook) {
        return slipway.get(Outbox.class).list(null, Long.MAX_VALUE, 10).stream()
                .filter(message -> message.target().equals(webhook))
                .findFirst()
                .orElseThrow();
    }

    private static WebhookStore.Wanted wanted(String name, String address) {
        return new WebhookStore.Wanted(name, Secret.of(address), List.of(Event.RUN_FINISHED), null, null, true);
    }
}
