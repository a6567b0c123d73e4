package dev.slipway.web.hooks;

import dev.slipway.activities.store.Push;
import dev.slipway.activities.store.Reason;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads what the providers send. Whatever is in it: the answer is a {@link Payload} or {@code SLP-HOOK-PAYLOAD}. */
final class Payloads {
    /** Providers leave out files of a commit beyond some thousands, GitHub from 3,000 on. */
    private static final int FILES_OF_A_COMMIT = 3_000;

    /** GitHub lists no more commits than these; the others count them all in a field of its own. */
    private static final int COMMITS = 2_048;

    private static final int FILES = 5_000;
    private static final int LETTERS_OF_FILES = 256 * 1024;
    private static final int LONGEST_NAME = 300;
    private static final int LONGEST_MESSAGE = 500;
    private static final int LONGEST_ADDRESS = 2_000;

    private static final Pattern LINE_ENDS = Pattern.compile("[\\r\\n\\t]+");
    private static final Pattern UNSEEN = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Cs}]");
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private Payloads() {}

    /** @throws ProblemException {@code SLP-HOOK-PAYLOAD} */
    static Payload read(Provider provider, Headers headers, byte[] body) {
        JsonNode root = root(headers.get("Content-Type"), body);
        if (!root.isObject()) {
            throw malformed("no-object");
        }
        String event = cut(provider.event(headers), LONGEST_NAME);
        if (provider == Provider.GITHUB && event.equals("ping")
                || headers.get("X-Gitee-Ping").equals("true")) {
            return Payload.nothing(event, Reason.of("ping"));
        }
        return isPush(provider, event, root)
                ? push(event, root)
                : Payload.nothing(event, Reason.of("event", event.isEmpty() ? "–" : event));
    }

    private static boolean isPush(Provider provider, String event, JsonNode root) {
        String kind = switch (provider) {
            case GITHUB, GITEA, FORGEJO -> event;
            case GITLAB -> text(root.path("object_kind"));
            case GITEE -> text(root.path("hook_name")).replace("_hooks", "");
        };
        return kind.equals("push") || kind.equals("tag_push");
    }

    private static JsonNode root(String contentType, byte[] body) {
        String type = contentType.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        String text = switch (type) {
            case "application/json" -> utf8(body);
            case "application/x-www-form-urlencoded" -> field(body);
            default -> throw malformed("content-type");
        };
        try {
            JsonNode root = JSON.readTree(text);
            return root == null ? JSON.missingNode() : root;
        } catch (JacksonException notJson) {
            throw malformed("not-json");
        }
    }

    private static String utf8(byte[] body) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(body))
                    .toString();
        } catch (CharacterCodingException e) {
            throw malformed("not-utf-8");
        }
    }

    /** The field {@code payload} of a form: so GitHub and Gitea send where their hook says so. */
    private static String field(byte[] body) {
        String start = "payload=";
        for (String pair : new String(body, StandardCharsets.ISO_8859_1).split("&")) {
            if (pair.startsWith(start)) {
                return utf8(percentDecoded(pair.substring(start.length())));
            }
        }
        throw malformed("no-payload");
    }

    private static byte[] percentDecoded(String text) {
        ByteBuffer bytes = ByteBuffer.allocate(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != '%') {
                bytes.put((byte) (c == '+' ? ' ' : c));
                continue;
            }
            int high = i + 2 < text.length() ? Character.digit(text.charAt(i + 1), 16) : -1;
            int low = i + 2 < text.length() ? Character.digit(text.charAt(i + 2), 16) : -1;
            if (high < 0 || low < 0) {
                throw malformed("not-encoded");
            }
            bytes.put((byte) (high * 16 + low));
            i += 2;
        }
        byte[] decoded = new byte[bytes.position()];
        bytes.flip().get(decoded);
        return decoded;
    }

    private static Payload push(String event, JsonNode root) {
        String full = text(root.path("ref"));
        boolean tag = full.startsWith("refs/tags/");
        boolean branch = full.startsWith("refs/heads/");
        if (full.isEmpty()) {
            throw malformed("no-ref");
        }
        if (!tag && !branch) {
            return Payload.nothing(event, Reason.of("ref", cut(full, LONGEST_NAME)));
        }
        String ref = cut(full.substring(tag ? "refs/tags/".length() : "refs/heads/".length()), LONGEST_NAME);
        List<String> repositories = repositories(root);
        if (ref.isBlank() || repositories.isEmpty()) {
            throw malformed(ref.isBlank() ? "no-ref" : "no-repository");
        }
        String before = commit(root.path("before"));
        String after = commit(root.path("after"));
        JsonNode commits = root.path("commits");
        Files files = files(root, commits, before != null);
        Push push = new Push(
                tag,
                ref,
                before,
                after,
                repositories,
                defaultBranch(root),
                Math.max(commits.size(), total(root)),
                message(root, commits, after),
                files.names(),
                files.all(),
                sender(root));
        if (after == null
                || root.path("deleted").isBoolean() && root.path("deleted").booleanValue()) {
            return Payload.nothing(event, push, Reason.of("deleted", ref));
        }
        return after.equals(before) ? Payload.nothing(event, push, Reason.of("empty", ref)) : Payload.of(event, push);
    }

    private static List<String> repositories(JsonNode root) {
        Set<String> addresses = new LinkedHashSet<>();
        for (String place : List.of("repository", "project")) {
            JsonNode repository = root.path(place);
            for (String field : List.of(
                    "clone_url", "git_http_url", "http_url", "ssh_url", "git_ssh_url", "html_url", "web_url", "url")) {
                String address = text(repository.path(field));
                if (address.length() <= LONGEST_ADDRESS
                        && RepositoryAddress.of(address)
                                .filter(one -> !one.path().isEmpty())
                                .isPresent()) {
                    addresses.add(clean(address));
                }
            }
        }
        return addresses.stream().limit(8).toList();
    }

    private static @Nullable String defaultBranch(JsonNode root) {
        for (String place : List.of("repository", "project")) {
            String name = cut(text(root.path(place).path("default_branch")), LONGEST_NAME);
            if (!name.isBlank()) {
                return name;
            }
        }
        return null;
    }

    /** {@code null}: there is none, which is said with zeros. */
    private static @Nullable String commit(JsonNode node) {
        String id = text(node);
        return id.matches("[0-9a-f]{40}|[0-9a-f]{64}") && !id.matches("0+") ? id : null;
    }

    private static int total(JsonNode root) {
        int total = 0;
        for (String field : List.of("total_commits_count", "total_commits")) {
            JsonNode count = root.path(field);
            if (count.isInt()) {
                total = Math.max(total, count.intValue());
            }
        }
        return total;
    }

    private static String message(JsonNode root, JsonNode commits, @Nullable String after) {
        JsonNode head = root.path("head_commit");
        if (!head.isObject()) {
            for (JsonNode commit : commits) {
                if (head.isMissingNode() || text(commit.path("id")).equals(after)) {
                    head = commit;
                }
            }
        }
        return cut(text(head.path("message")), LONGEST_MESSAGE);
    }

    private static String sender(JsonNode root) {
        for (JsonNode who : List.of(
                root.path("user_username"),
                root.path("pusher").path("login"),
                root.path("pusher").path("username"),
                root.path("pusher").path("name"),
                root.path("sender").path("login"),
                root.path("user").path("username"),
                root.path("user_name"))) {
            String name = cut(text(who), LONGEST_NAME);
            if (!name.isBlank()) {
                return name;
            }
        }
        return "";
    }

    private record Files(List<String> names, boolean all) {}

    /**
     * All files are known when all commits are listed, none of them with as many files as providers cut at, and history only went
     * forward.
     */
    private static Files files(JsonNode root, JsonNode commits, boolean forward) {
        boolean all = forward
                && commits.isArray()
                && !commits.isEmpty()
                && commits.size() < COMMITS
                && commits.size() >= total(root)
                && !isTrue(root.path("forced"))
                && !isTrue(root.path("commits_more_than_ten"));
        Set<String> names = new LinkedHashSet<>();
        int letters = 0;
        for (JsonNode commit : commits) {
            boolean listed = false;
            for (String kind : List.of("added", "modified", "removed")) {
                JsonNode files = commit.path(kind);
                listed |= files.isArray();
                all &= files.size() < FILES_OF_A_COMMIT;
                for (JsonNode file : files) {
                    String name = clean(text(file));
                    if (names.size() >= FILES || letters + name.length() > LETTERS_OF_FILES) {
                        all = false;
                    } else if (names.add(name)) {
                        letters += name.length();
                    }
                }
            }
            all &= listed;
        }
        return new Files(new ArrayList<>(names), all);
    }

    private static boolean isTrue(JsonNode node) {
        return node.isBoolean() && node.booleanValue();
    }

    private static String text(JsonNode node) {
        return node.isString() ? node.stringValue() : "";
    }

    /** What cannot be kept, or would not be seen, is replaced; line ends become blanks. */
    private static String clean(String text) {
        return UNSEEN.matcher(LINE_ENDS.matcher(text).replaceAll(" ")).replaceAll("\uFFFD");
    }

    private static String cut(String text, int longest) {
        String some = text.length() <= longest * 2 ? text : text.substring(0, longest * 2);
        String clean = clean(some).strip();
        if (clean.length() <= longest) {
            return clean;
        }
        return clean.substring(0, Character.isHighSurrogate(clean.charAt(longest - 1)) ? longest - 1 : longest);
    }

    /** Short enough to be kept, and nothing in it that acts. */
    static String shown(String text) {
        return cut(text, LONGEST_NAME);
    }

    static ProblemException malformed(String reason) {
        return new ProblemException(Problem.of(ProblemCode.HOOK_PAYLOAD, "", "reason", reason));
    }
}
