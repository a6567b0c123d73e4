package dev.slipway.web.webhooks;

import dev.slipway.activities.notify.Announcements;
import dev.slipway.activities.notify.Announcements.Words;
import dev.slipway.activities.notify.Deliverer;
import dev.slipway.activities.notify.Outbox;
import dev.slipway.activities.notify.StatusHostStore;
import dev.slipway.activities.notify.WebhookStore;
import dev.slipway.activities.outbound.OutboundGuard;
import dev.slipway.activities.outbound.OutboundPost;
import dev.slipway.activities.registry.Trust;
import dev.slipway.activities.store.PlanStore;
import dev.slipway.web.SlipwaySettings;
import dev.slipway.web.problems.ProblemText;
import dev.slipway.web.problems.ProblemTexts;
import dev.slipway.web.shell.PublicAddress;
import dev.slipway.workflows.problem.Problem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What is told to whom, and who sends it. */
@Configuration(proxyBeanMethods = false)
class NotifyConfiguration {
    /** Of one message, answer included. */
    private static final Duration LIMIT = Duration.ofSeconds(15);

    @Bean
    Announcements announcements(
            JdbcClient jdbc,
            Outbox outbox,
            WebhookStore webhooks,
            StatusHostStore hosts,
            PlanStore plans,
            ProblemTexts texts,
            PublicAddress address) {
        return new Announcements(jdbc, outbox, webhooks, hosts, plans, new Announcements.Edge() {
            /** A program reads it first: the language is English, and the code says the same in all. */
            @Override
            public Words words(Problem problem) {
                ProblemText text = texts.text(problem, Locale.ENGLISH);
                return new Words(text.code(), text.what(), text.where(), text.fix());
            }

            @Override
            public @Nullable String runLink(String runId) {
                return address.of("/runs/" + runId).orElse(null);
            }
        });
    }

    @Bean
    OutboundPost outboundPost(OutboundGuard guard, SlipwaySettings settings) {
        Path ca = settings.outbound().caFile();
        try {
            return new OutboundPost(
                    guard, Trust.with(ca == null ? List.of() : Trust.read(ca)).getSocketFactory(), LIMIT);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // It could be read when the settings were checked.
        }
    }

    @Bean(destroyMethod = "")
    Deliverer deliverer(Outbox outbox, WebhookStore webhooks, StatusHostStore hosts, OutboundPost post) {
        return new Deliverer(outbox, webhooks, hosts, post);
    }
}
