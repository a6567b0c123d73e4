package dev.slipway.web.chat;

import dev.slipway.web.access.Caller;
import dev.slipway.web.access.Needs;
import dev.slipway.web.access.Needs.At;
import dev.slipway.web.access.SignedInOnly;
import dev.slipway.web.chat.Chats.AccountView;
import dev.slipway.web.chat.Chats.ConnectionView;
import dev.slipway.web.shell.Page;
import dev.slipway.workflows.people.Permission;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Chats over the API. */
@RestController
@Needs(value = Permission.CONFIGURE, at = At.EVERYWHERE)
@RequestMapping("/api/v1")
@Tag(name = "chat")
final class ChatApi {
    private final Chats chats;

    ChatApi(Chats chats) {
        this.chats = chats;
    }

    /**
     * A connection to keep.
     *
     * @param provider {@code slack}, the default, also for Mattermost
     * @param verification {@code signature}, the default, with a signing secret; {@code token}, as Mattermost has it
     * @param secret signing secret or token; {@code null}: the one it has stays
     * @param hosts where answers may be sent; {@code null} or empty: the provider's usual ones
     * @param enabled {@code null}: yes
     */
    record NewConnection(
            @Nullable String provider,
            @Nullable String verification,
            @Nullable String secret,
            @Nullable List<@Nullable String> hosts,
            @Nullable Boolean enabled) {
        /** It holds a credential. */
        @Override
        public String toString() {
            return "NewConnection[" + provider + "]";
        }
    }

    @GetMapping("/chat-connections")
    @Operation(summary = "The chats whose commands are taken, without their secrets")
    Page<ConnectionView> connections() {
        return new Page<>(chats.connections(), null);
    }

    @PutMapping("/chat-connections/{connection}")
    @Operation(summary = "Adds a chat, or changes it; its linked accounts stay")
    ConnectionView put(@PathVariable("connection") String name, @RequestBody NewConnection wanted, Caller caller) {
        return chats.put(
                new Chats.Wanted(
                        name,
                        or(wanted.provider(), "slack"),
                        or(wanted.verification(), "signature"),
                        or(wanted.secret(), ""),
                        wanted.hosts() == null
                                ? List.of()
                                : wanted.hosts().stream()
                                        .filter(Objects::nonNull)
                                        .toList(),
                        !Boolean.FALSE.equals(wanted.enabled())),
                caller);
    }

    @DeleteMapping("/chat-connections/{connection}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(summary = "Forgets a chat, with its linked accounts")
    void remove(@PathVariable("connection") String name) {
        chats.remove(name);
    }

    @GetMapping("/chat-accounts")
    @SignedInOnly
    @Operation(summary = "Chat users that are linked to whoever asks; to everybody, for whoever may look after people")
    Page<AccountView> accounts(Caller caller) {
        return new Page<>(chats.accounts(caller), null);
    }

    @DeleteMapping("/chat-accounts/{account}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @SignedInOnly
    @Operation(summary = "Ends a link: one's own, or anybody's, for whoever may look after people")
    void unlink(@PathVariable("account") String id, Caller caller) {
        chats.unlink(id, caller);
    }

    private static String or(@Nullable String value, String otherwise) {
        return value == null ? otherwise : value;
    }
}
