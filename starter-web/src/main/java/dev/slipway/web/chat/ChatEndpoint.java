package dev.slipway.web.chat;

import dev.slipway.activities.hash.Sha256;
import dev.slipway.activities.store.ChatStore;
import dev.slipway.activities.store.ChatStore.ChatUser;
import dev.slipway.activities.store.ChatStore.Connection;
import dev.slipway.activities.store.ChatStore.Received;
import dev.slipway.activities.store.Secret;
import dev.slipway.web.SlipwaySettings;
import dev.slipway.web.SlipwaySettings.Role;
import dev.slipway.web.access.OpenToAll;
import dev.slipway.web.chat.ChatProvider.Delivery;
import dev.slipway.web.chat.ChatProvider.Typed;
import dev.slipway.web.chat.ChatProvider.Verdict;
import dev.slipway.web.chat.ChatProvider.Verification;
import dev.slipway.web.security.SignedBody;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** Takes what chats deliver: verified over its bytes, recorded, and answered at once. */
@RestController
@OpenToAll("a chat signs what it delivers")
@Tag(name = "chat")
final class ChatEndpoint {
    /** A chat, or a proxy before Slipway, may send the same bytes twice when an answer is lost. Later they are a recording. */
    private static final Duration AT_ONCE = Duration.ofSeconds(10);

    private static final String FORM = "application/x-www-form-urlencoded";

    private final Map<String, ChatProvider> providers;
    private final ChatStore store;
    private final ChatDesk desk;
    private final boolean open;
    private final Clock clock = Clock.systemUTC();

    ChatEndpoint(List<ChatProvider> providers, ChatStore store, ChatDesk desk, SlipwaySettings settings) {
        this.providers = providers.stream().collect(Collectors.toMap(ChatProvider::word, Function.identity()));
        this.store = store;
        this.desk = desk;
        this.open = settings.hasRole(Role.WEB);
    }

    @PostMapping("/api/v1/chat/{provider}")
    @Operation(summary = "A command from a chat, as the chat signs and sends it")
    ResponseEntity<String> command(@PathVariable("provider") String word, HttpServletRequest request) {
        ChatProvider provider = providers.get(word);
        if (provider == null || !open) {
            throw new ProblemException(Problem.of(ProblemCode.REQUEST_NOT_FOUND, "/api/v1/chat/" + shown(word)));
        }
        Delivery delivery = new Delivery(bytes(request), name -> only(request, name));
        Connection connection = verified(provider, delivery);
        requireForm(request);
        Typed typed;
        try {
            typed = provider.read(delivery);
        } catch (IllegalArgumentException notACommand) {
            throw new ProblemException(
                    Problem.of(ProblemCode.REQUEST_INVALID, "", "reason", String.valueOf(notACommand.getMessage())),
                    notACommand);
        }
        String answer = taken(provider, connection, typed, provider.fingerprint(delivery), request.getRemoteAddr());
        return ResponseEntity.ok()
                .contentType(new MediaType(MediaType.APPLICATION_JSON, StandardCharsets.UTF_8))
                .body(provider.answer(answer));
    }

    private String taken(
            ChatProvider provider, Connection connection, Typed typed, String fingerprint, String address) {
        ChatUser who = new ChatUser(connection.name(), typed.team(), typed.teamName(), typed.user(), typed.userName());
        ChatTalk talk = desk.talk(who, typed, address);
        @Nullable
        Secret responseUrl = ResponseHosts.allowed(typed.responseUrl(), connection.hosts())
                .map(url -> Secret.of(url.toString()))
                .orElse(null);
        Received received = store.receive(who, dedupKey(typed), fingerprint, typed.text(), responseUrl, talk.isWork());
        if (!received.isNew() && received.same() && received.age().compareTo(AT_ONCE) > 0) {
            throw new ProblemException(Problem.of(ProblemCode.CHAT_REPLAYED, ""));
        }
        if (received.isNew() && talk.isWork()) {
            desk.offer(received.id());
        }
        return talk.answer(responseUrl != null, (int) provider.answersFor().toMinutes());
    }

    private Connection verified(ChatProvider provider, Delivery delivery) {
        Instant now = clock.instant();
        boolean stale = false;
        for (Connection connection : desk.connections()) {
            if (connection.enabled() && connection.provider().equals(provider.word())) {
                Verification how =
                        Verification.valueOf(connection.verification().toUpperCase(Locale.ROOT));
                Verdict verdict = provider.verify(delivery, how, connection.secret(), now);
                if (verdict == Verdict.RIGHT) {
                    return connection;
                }
                stale |= verdict == Verdict.STALE;
            }
        }
        throw new ProblemException(Problem.of(stale ? ProblemCode.CHAT_STALE : ProblemCode.CHAT_SIGNATURE, ""));
    }

    /** The same for every delivery of one command. */
    private static String dedupKey(Typed typed) {
        List<String> parts = typed.trigger().isEmpty()
                ? List.of("typed", typed.team(), typed.user(), typed.text(), typed.sentAt(), typed.responseUrl())
                : List.of("trigger", typed.team(), typed.user(), typed.trigger());
        return Sha256.hex(String.join("\u0000", parts));
    }

    /** What is sent as something else is not what the chat documents, whoever signed it. */
    private static void requireForm(HttpServletRequest request) {
        String type = Objects.requireNonNullElse(request.getHeader("Content-Type"), "");
        if (!type.split(";", 2)[0].strip().equalsIgnoreCase(FORM)) {
            throw new ProblemException(Problem.of(
                    ProblemCode.REQUEST_CONTENT_TYPE,
                    "Content-Type",
                    "type",
                    type.isEmpty() ? "?" : shown(type),
                    "allowed",
                    FORM));
        }
    }

    private static byte[] bytes(HttpServletRequest request) {
        SignedBody body = SignedBody.of(request);
        if (body.tooBig()) {
            throw new ProblemException(
                    Problem.of(ProblemCode.REQUEST_TOO_BIG, "", "limit", (ChatSecurity.LARGEST >> 10) + " KB"));
        }
        return body.bytes();
    }

    /** Of a header that comes twice neither is taken. */
    private static @Nullable String only(HttpServletRequest request, String name) {
        List<String> all = Collections.list(request.getHeaders(name));
        return all.size() == 1 ? all.get(0) : null;
    }

    private static String shown(String text) {
        return text.substring(0, Math.min(40, text.length()));
    }
}
