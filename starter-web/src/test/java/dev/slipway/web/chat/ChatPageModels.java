package dev.slipway.web.chat;

import dev.slipway.activities.store.ChatStore.ChatUser;
import dev.slipway.web.chat.Chats.AccountView;
import dev.slipway.web.chat.Chats.ConnectionView;
import dev.slipway.web.chat.Chats.Wanted;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The pages of chats for the gallery of pages. */
public final class ChatPageModels {
    private ChatPageModels() {}

    /** As an administrator sees it. @param problems of the form below */
    public static Map<String, Object> list(String hostile, Instant now, Object problems) {
        List<ConnectionView> connections = List.of(
                new ConnectionView(
                        "team-chat",
                        "slack",
                        "signature",
                        List.of("hooks.slack.com", "hooks.slack-gov.com"),
                        true,
                        "/api/v1/chat/slack",
                        now,
                        hostile),
                new ConnectionView(
                        "matter",
                        "slack",
                        "token",
                        List.of("http://chat.internal:8065"),
                        false,
                        "/api/v1/chat/slack",
                        now,
                        "ana"));
        List<AccountView> accounts = List.of(
                new AccountView("1", "team-chat", "acme", hostile, "ana", now),
                new AccountView("2", "matter", hostile, "bo", null, now));
        Wanted form = new Wanted(hostile, "slack", "token", "", List.of(hostile, "*.chat.example"), true);
        return model(true, connections, accounts, form, problems);
    }

    /** As somebody sees it who has linked nothing and may connect nothing. */
    public static Map<String, Object> nothing(boolean configures) {
        Wanted form = new Wanted("", "slack", "signature", "", List.of(), true);
        return model(configures, List.of(), List.of(), form, List.of());
    }

    private static Map<String, Object> model(
            boolean configures,
            List<ConnectionView> connections,
            List<AccountView> accounts,
            Wanted form,
            Object problems) {
        return Map.of(
                "configures",
                configures,
                "connections",
                connections,
                "accounts",
                accounts,
                "providers",
                List.of("slack"),
                "form",
                form,
                "address",
                "https://slipway.example",
                "problems",
                problems);
    }

    /** @param person whether whoever follows the link is one; a service is none */
    public static Map<String, Object> link(String hostile, boolean person) {
        Map<String, Object> model = new HashMap<>();
        model.put("who", new ChatUser("team-chat", "T0001", hostile, "U0001", hostile));
        model.put("code", "abc");
        model.put("name", "anna");
        model.put("person", person);
        return model;
    }
}
