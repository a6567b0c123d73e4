package dev.slipway.web.webhooks;

import dev.slipway.web.problems.ProblemText;
import dev.slipway.web.webhooks.Receivers.WantedHost;
import dev.slipway.web.webhooks.Receivers.WantedWebhook;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Lets tests of all pages make the models of these. */
public final class WebhookPageModels {
    private static final List<String> EVENTS = List.of("run.finished", "run.failed");

    private WebhookPageModels() {}

    /** @param some whether there is anything */
    public static Map<String, Object> list(boolean some, String hostile, Instant now) {
        List<WebhookView> webhooks = List.of(
                new WebhookView(
                        "ci",
                        "https://ci.example/" + hostile,
                        EVENTS,
                        "shop",
                        null,
                        true,
                        hostile,
                        now,
                        now.plusSeconds(80_000)),
                new WebhookView(
                        "board",
                        "https://board.example/hook",
                        List.of("run.failed"),
                        null,
                        "shop-dev",
                        false,
                        "ana",
                        now,
                        null));
        List<StatusHostView> hosts = List.of(
                new StatusHostView("github", "github", "https://github.com", "https://api.github.com", "ana", now));
        return Map.of("webhooks", some ? webhooks : List.of(), "hosts", some ? hosts : List.of(), "dead", some ? 3 : 0);
    }

    public static Map<String, Object> form(String hostile, List<ProblemText> problems) {
        return Map.of(
                "form",
                new WantedWebhook("ci", hostile, List.of("run.failed"), hostile, "", true),
                "events",
                EVENTS,
                "problems",
                problems);
    }

    public static Map<String, Object> states(String hostile, List<ProblemText> problems) {
        return Map.of(
                "form",
                new WantedHost("forge", "gitea", hostile, "", "never shown"),
                "providers",
                List.of("github", "gitlab", "gitea"),
                "problems",
                problems);
    }

    /** @param state {@code dead}, {@code waiting}, {@code delivered} */
    public static MessageView message(String state, String hostile, Instant now) {
        boolean over = !state.equals("waiting");
        return new MessageView(
                "1m8jze123vjba0p61z",
                "webhook",
                "ci",
                "run.failed",
                "run42",
                state,
                7,
                now.minusSeconds(4_000),
                over ? null : now.plusSeconds(60),
                now.plusSeconds(80_000),
                over ? now : null,
                state.equals("delivered") ? 204 : 500,
                hostile,
                "{\"event\":\"run.failed\"," + hostile);
    }

    /** @param next {@code true}: there is more */
    public static Map<String, Object> outbox(String state, List<MessageView> messages, boolean next) {
        Map<String, Object> model = new HashMap<>();
        model.put("state", state);
        model.put("dead", state.equals("dead") ? messages.size() : 0);
        model.put("waiting", 2);
        model.put("messages", messages);
        model.put("next", next ? "17" : null);
        return model;
    }
}
