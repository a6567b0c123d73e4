package dev.slipway.web.chat;

import dev.slipway.activities.store.ChatStore;
import dev.slipway.activities.store.ChatStore.Account;
import dev.slipway.activities.store.ChatStore.ChatUser;
import dev.slipway.activities.store.ChatStore.Connection;
import dev.slipway.activities.store.ChatStore.Linked;
import dev.slipway.activities.store.Secret;
import dev.slipway.web.access.Access;
import dev.slipway.web.access.Caller;
import dev.slipway.web.chat.ChatProvider.Verification;
import dev.slipway.web.shell.GivenName;
import dev.slipway.workflows.people.Permission;
import dev.slipway.workflows.people.Subject;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** The chats that Slipway listens to, and who their users are here. */
@Component
final class Chats {
    private static final int SHORTEST_SECRET = 16;
    private static final int LONGEST_SECRET = 500;
    private static final int MOST_HOSTS = 20;

    private final ChatStore store;
    private final ChatDesk desk;
    private final Access access;
    private final List<ChatProvider> providers;

    Chats(ChatStore store, ChatDesk desk, Access access, List<ChatProvider> providers) {
        this.store = store;
        this.desk = desk;
        this.access = access;
        this.providers = List.copyOf(providers);
    }

    /** A connection as pages and API show it: never its secret. @param path where the chat delivers its commands */
    record ConnectionView(
            String name,
            String provider,
            String verification,
            List<String> hosts,
            boolean enabled,
            String path,
            Instant createdAt,
            String createdBy) {}

    /** @param person the name of whoever the chat user is; {@code null}: that person was removed */
    record AccountView(
            String id,
            String connection,
            String team,
            String chatUser,
            @Nullable String person,
            Instant linkedAt) {}

    /**
     * A connection to keep.
     *
     * @param secret blank: the one it has stays
     * @param hosts blank: the provider's usual ones
     */
    record Wanted(
            String name, String provider, String verification, String secret, List<String> hosts, boolean enabled) {
        /** It holds a credential. */
        @Override
        public String toString() {
            return "Wanted[" + name + "]";
        }
    }

    List<String> providers() {
        return providers.stream().map(ChatProvider::word).sorted().toList();
    }

    List<ConnectionView> connections() {
        return store.connections().stream().map(Chats::view).toList();
    }

    /** @throws ProblemException with everything that is wrong; then nothing is kept */
    ConnectionView put(Wanted wanted, Caller caller) {
        List<Problem> wrong = new ArrayList<>();
        if (!GivenName.isOne(wanted.name(), GivenName.LONGEST)) {
            wrong.add(GivenName.refused("name", wanted.name(), GivenName.LONGEST, "team-chat"));
        }
        Optional<Connection> before = wrong.isEmpty() ? store.connection(wanted.name()) : Optional.empty();
        Optional<ChatProvider> provider = providers.stream()
                .filter(one -> one.word().equals(wanted.provider()))
                .findFirst();
        if (provider.isEmpty()) {
            wrong.add(invalid("provider", String.join(", ", providers())));
        } else if (before.isPresent() && !before.get().provider().equals(wanted.provider())) {
            wrong.add(invalid("provider", before.get().provider()));
        }
        List<String> ways = provider.map(one ->
                        one.verifications().stream().map(Verification::word).toList())
                .orElse(List.of(Verification.SIGNATURE.word(), Verification.TOKEN.word()));
        if (!ways.contains(wanted.verification())) {
            wrong.add(invalid("verification", String.join(", ", ways)));
        }
        String secret = wanted.secret().strip();
        if (secret.isEmpty() && before.isEmpty()
                || !secret.isEmpty() && (secret.length() < SHORTEST_SECRET || secret.length() > LONGEST_SECRET)) {
            wrong.add(invalid("secret", SHORTEST_SECRET + " – " + LONGEST_SECRET + " characters"));
        }
        List<String> hosts = wanted.hosts().stream()
                .map(host -> host.strip().toLowerCase(Locale.ROOT))
                .filter(host -> !host.isEmpty())
                .toList();
        if (hosts.size() > MOST_HOSTS || !hosts.stream().allMatch(ResponseHosts::isOne)) {
            wrong.add(
                    invalid("hosts", "hooks.slack.com, *.chat.example, chat.example:8443, http://chat.internal:8065"));
        }
        if (!wrong.isEmpty()) {
            throw new ProblemException(wrong);
        }
        store.put(
                wanted.name(),
                wanted.provider(),
                wanted.verification(),
                secret.isEmpty() ? before.orElseThrow().secret() : Secret.of(secret),
                hosts.isEmpty()
                        ? provider.orElseThrow().usualHosts().stream().sorted().toList()
                        : hosts,
                wanted.enabled(),
                caller.name());
        desk.forgetConnections();
        return view(store.connection(wanted.name()).orElseThrow());
    }

    /** @throws ProblemException {@code SLP-REQUEST-NOT-FOUND} */
    void remove(String name) {
        if (!store.remove(name)) {
            throw new ProblemException(Problem.of(ProblemCode.REQUEST_NOT_FOUND, name));
        }
        desk.forgetConnections();
    }

    /** One's own; of whoever may look after people, all. */
    List<AccountView> accounts(Caller caller) {
        boolean all = caller.may(Permission.PEOPLE, Subject.INSTALLATION);
        String own = caller.userId();
        if (!all && own == null) {
            return List.of();
        }
        return store.linked(all ? null : own).stream().map(Chats::view).toList();
    }

    /** @throws ProblemException {@code SLP-REQUEST-NOT-FOUND}, {@code SLP-AUTH-NOT-PERMITTED} */
    void unlink(String id, Caller caller) {
        Optional<Account> account = store.account(id);
        boolean own = account.isPresent() && account.get().userId().equals(caller.userId());
        if (!own) {
            access.require(caller, Permission.PEOPLE, Subject.INSTALLATION);
        }
        if (!store.unlink(id)) {
            throw new ProblemException(Problem.of(ProblemCode.REQUEST_NOT_FOUND, id));
        }
    }

    /** @throws ProblemException {@code SLP-CHAT-LINK-GONE} */
    ChatUser offered(String code) {
        return store.offered(code).orElseThrow(Chats::linkGone);
    }

    /** @throws ProblemException {@code SLP-CHAT-LINK-GONE}, {@code SLP-CHAT-NO-PERSON} */
    void link(String code, Caller caller, Locale locale) {
        String userId = caller.userId();
        if (userId == null) {
            throw new ProblemException(Problem.of(ProblemCode.CHAT_NO_PERSON, "", "who", caller.name()));
        }
        if (store.link(code, userId, locale.toLanguageTag()).isEmpty()) {
            throw linkGone();
        }
    }

    private static ProblemException linkGone() {
        return new ProblemException(Problem.of(ProblemCode.CHAT_LINK_GONE, ""));
    }

    private static ConnectionView view(Connection one) {
        return new ConnectionView(
                one.name(),
                one.provider(),
                one.verification(),
                one.hosts(),
                one.enabled(),
                "/api/v1/chat/" + one.provider(),
                one.createdAt(),
                one.createdBy());
    }

    private static AccountView view(Linked linked) {
        Account account = linked.account();
        ChatUser who = account.who();
        return new AccountView(
                account.id(),
                who.connection(),
                who.teamName().isEmpty() ? who.team() : who.teamName(),
                who.userName().isEmpty() ? who.user() : who.userName(),
                linked.person() == null ? null : linked.person().name(),
                account.linkedAt());
    }

    private static Problem invalid(String field, String expected) {
        return Problem.of(ProblemCode.REQUEST_INVALID, field, "reason", field + ": " + expected);
    }
}
