package dev.slipway.web.audit;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The words of a route, from its pattern: {@code POST /api/v1/environments/{environment}/runs} is {@code environment.run.create}
 * on an environment. Only path variables that name something are shown: others may hold a secret.
 */
final class RouteWords {
    private static final Set<String> NAMES = Set.of(
            "account",
            "application",
            "build",
            "cluster",
            "component",
            "connection",
            "delivery",
            "environment",
            "hook",
            "host",
            "id",
            "login",
            "message",
            "name",
            "number",
            "package",
            "person",
            "provider",
            "rule",
            "run",
            "schedule",
            "session",
            "template",
            "user",
            "webhook");
    /** Of these a new one's place, as told by {@code Location} or {@code Content-Location}, is its name and no secret. */
    private static final Set<String> PLACES = Set.of(
            "applications",
            "builds",
            "clusters",
            "environments",
            "hooks",
            "people",
            "rules",
            "runs",
            "users",
            "webhooks");

    private static final Map<String, String> METHODS =
            Map.of("GET", "read", "POST", "create", "PUT", "change", "PATCH", "change", "DELETE", "delete");
    private static final Map<String, String> VERBS = Map.of("remove", "delete", "forget", "delete", "save", "change");
    private static final Map<String, String> KNOWN = Map.of(
            "POST /sign-in", "sign-in",
            "POST /sign-in/{token}", "sign-in",
            "POST /sign-out", "sign-out",
            "POST /chat/{provider}", "chat.command",
            "POST /hooks/{provider}", "hook.receive",
            "POST /environments/{environment}/runs", "run.start",
            "POST /environments/{name}/runs", "run.start",
            "POST /runs", "run.start");
    private static final Pattern PREFIX = Pattern.compile("^/api/v\\d+(?=/)");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:-]{0,99}");

    private RouteWords() {}

    /** @param pattern {@code /environments/{name}/runs}, or a path without variables */
    static String action(String method, String pattern) {
        String route = PREFIX.matcher(pattern).replaceFirst("");
        String known = KNOWN.get(method + " " + route);
        if (known != null) {
            return known;
        }
        List<String> words = new ArrayList<>();
        boolean verb = false;
        for (String part : route.split("/|(?=:)", -1)) {
            if (part.startsWith(":")) {
                words.add(part.substring(1));
                verb = true;
            } else if (!part.isEmpty() && !part.startsWith("{")) {
                words.add(part);
                verb = false;
            }
        }
        String last = words.isEmpty() ? "" : words.get(words.size() - 1);
        // What stands behind a name and is no plural is what is done to it.
        verb |= method.equals("POST") && words.size() > 1 && !last.endsWith("s") && route.contains("{");
        for (int i = 0; i < words.size() - (verb ? 1 : 0); i++) {
            words.set(i, singular(words.get(i)));
        }
        if (verb) {
            words.set(words.size() - 1, VERBS.getOrDefault(last.replace(":", ""), last.replace(":", "")));
        } else {
            words.add(METHODS.getOrDefault(method, method.toLowerCase(Locale.ROOT)));
        }
        return String.join(".", words);
    }

    /** @param variables of the path, by name */
    static AuditSubject subject(String pattern, Map<?, ?> variables) {
        String before = "";
        for (String part : PREFIX.matcher(pattern).replaceFirst("").split("/", -1)) {
            if (part.startsWith("{") && part.endsWith("}")) {
                String variable = part.substring(1, part.length() - 1);
                if (NAMES.contains(variable) && variables.get(variable) instanceof String name) {
                    return new AuditSubject(singular(before), name, "");
                }
            } else {
                before = part;
            }
        }
        return AuditSubject.INSTALLATION;
    }

    /** What a new thing is called, from where it is said to be; {@code null}: it does not say. */
    static @Nullable AuditSubject created(@Nullable String location) {
        if (location == null) {
            return null;
        }
        String path = location.replaceFirst("^https?://[^/]+", "");
        String[] parts = PREFIX.matcher(path).replaceFirst("").split("[/?#]", -1);
        return parts.length >= 3
                        && PLACES.contains(parts[1])
                        && !parts[2].equals("new")
                        && NAME.matcher(parts[2]).matches()
                ? new AuditSubject(singular(parts[1]), parts[2], "")
                : null;
    }

    /** The head of a path that no route has, short and without what may be secret in it. */
    static String unknown(String path) {
        String[] parts = PREFIX.matcher(path).replaceFirst("").split("/", 3);
        return parts.length > 1 && NAME.matcher(parts[1]).matches() ? "/" + parts[1] : "/";
    }

    private static String singular(String word) {
        if (word.endsWith("ies")) {
            return word.substring(0, word.length() - 3) + "y";
        }
        return word.endsWith("s") && !word.endsWith("ss") ? word.substring(0, word.length() - 1) : word;
    }
}
