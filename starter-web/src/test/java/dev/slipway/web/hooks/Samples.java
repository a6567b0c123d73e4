package dev.slipway.web.hooks;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Deliveries as the providers document them, signed as they document it, by other code than that which checks them. */
final class Samples {
    static final String SECRET = "whsec_"
            + Base64.getEncoder().encodeToString("0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.UTF_8));
    static final String BEFORE = "28e1879d029cb852e4844d9c718537df08844e03";
    static final String AFTER = "bffeb74224043ba2feb48d137756c8a9331c449a";

    private Samples() {}

    /** @param headers by lower-case name */
    record Sample(Provider provider, Map<String, String> headers, byte[] body) {
        Headers read() {
            return name -> headers.get(name.toLowerCase(Locale.ROOT));
        }

        Sample with(String header, String value) {
            Map<String, String> changed = new LinkedHashMap<>(headers);
            changed.put(header.toLowerCase(Locale.ROOT), value);
            return new Sample(provider, changed, body);
        }

        Sample without(String header) {
            Map<String, String> changed = new LinkedHashMap<>(headers);
            changed.remove(header.toLowerCase(Locale.ROOT));
            return new Sample(provider, changed, body);
        }

        Sample body(byte[] other) {
            return new Sample(provider, headers, other);
        }
    }

    static Sample signed(Provider provider, String body, long seconds) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        String hex = HexFormat.of().formatHex(hmac(SECRET.getBytes(StandardCharsets.UTF_8), bytes));
        Sample bare = new Sample(provider, Map.of("content-type", "application/json"), bytes);
        return switch (provider) {
            case GITHUB ->
                bare.with("X-GitHub-Event", "push")
                        .with("X-GitHub-Delivery", "72d3162e-cc78-11e3-81ab-4c9367dc0958")
                        .with("X-Hub-Signature-256", "sha256=" + hex);
            case GITEA ->
                bare.with("X-Gitea-Event", "push")
                        .with("X-Gitea-Delivery", "f6266f16-1bf3-46a5-9ea4-602e06ead473")
                        .with("X-Gitea-Signature", hex);
            case FORGEJO ->
                bare.with("X-Forgejo-Event", "push")
                        .with("X-Forgejo-Delivery", "f6266f16-1bf3-46a5-9ea4-602e06ead473")
                        .with("X-Forgejo-Signature", hex);
            case GITLAB -> {
                String head = "msg_1." + seconds + ".";
                byte[] key = Base64.getDecoder().decode(SECRET.substring(6));
                yield bare.with("X-Gitlab-Event", "Push Hook")
                        .with("webhook-id", "msg_1")
                        .with("webhook-timestamp", Long.toString(seconds))
                        .with(
                                "webhook-signature",
                                "v1," + base64(hmac(key, (head + body).getBytes(StandardCharsets.UTF_8))));
            }
            case GITEE -> {
                String time = Long.toString(seconds * 1_000);
                yield bare.with("X-Gitee-Event", "Push Hook")
                        .with("X-Gitee-Timestamp", time)
                        .with(
                                "X-Gitee-Token",
                                base64(hmac(
                                        SECRET.getBytes(StandardCharsets.UTF_8),
                                        (time + "\n" + SECRET).getBytes(StandardCharsets.UTF_8))));
            }
        };
    }

    static String push(Provider provider) {
        String commits = """
                [{"id": "%s", "message": "Rename the flags", "added": ["site/new.json"], "modified": ["site/products.json"],
                  "removed": []}]""".formatted(AFTER);
        String refs = "\"ref\": \"refs/heads/main\", \"before\": \"%s\", \"after\": \"%s\"".formatted(BEFORE, AFTER);
        return switch (provider) {
            case GITHUB -> """
                    {%s, "created": false, "deleted": false, "forced": false, "commits": %s,
                     "head_commit": {"id": "%s", "message": "Rename the flags"},
                     "repository": {"full_name": "team/shop", "clone_url": "https://git.example/team/shop.git",
                       "ssh_url": "git@git.example:team/shop.git", "html_url": "https://git.example/team/shop", "default_branch": "main"},
                     "pusher": {"name": "ann", "email": "ann@git.example"}, "sender": {"login": "ann"}}""".formatted(refs, commits, AFTER);
            case GITLAB -> """
                    {"object_kind": "push", "event_name": "push", %s, "checkout_sha": "%s", "user_username": "ann", "user_name": "Ann",
                     "project": {"git_http_url": "https://git.example/team/shop.git", "git_ssh_url": "git@git.example:team/shop.git",
                       "web_url": "https://git.example/team/shop", "default_branch": "main"},
                     "commits": %s, "total_commits_count": 1}""".formatted(refs, AFTER, commits);
            case GITEA, FORGEJO -> """
                    {%s, "compare_url": "", "commits": %s, "total_commits": 1, "head_commit": {"id": "%s", "message": "Rename the flags"},
                     "repository": {"clone_url": "https://git.example/team/shop.git", "ssh_url": "git@git.example:team/shop.git",
                       "html_url": "https://git.example/team/shop", "default_branch": "main"},
                     "pusher": {"login": "ann", "username": "ann"}, "sender": {"login": "ann"}}""".formatted(refs, commits, AFTER);
            case GITEE -> """
                    {"hook_name": "push_hooks", "password": "", "timestamp": "1576754827988", "sign": "", %s, "created": false,
                     "deleted": false, "commits": %s, "head_commit": {"id": "%s", "message": "Rename the flags"}, "total_commits_count": 1,
                     "commits_more_than_ten": false, "sender": {"login": "ann"},
                     "repository": {"clone_url": "https://git.example/team/shop.git", "git_ssh_url": "git@git.example:team/shop.git",
                       "html_url": "https://git.example/team/shop", "default_branch": "main"}}""".formatted(refs, commits, AFTER);
        };
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    private static byte[] hmac(byte[] key, byte[] text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(text);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
