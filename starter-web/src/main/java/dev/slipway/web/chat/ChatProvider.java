package dev.slipway.web.chat;

import dev.slipway.activities.store.Secret;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What differs from one chat to the next. Stateless and safe for many threads; whatever it is given is hostile until it has
 * verified it.
 */
interface ChatProvider {
    /** How a delivery shows that it is the chat's. */
    enum Verification {
        /** A signature over time and bytes. */
        SIGNATURE,
        /** A fixed token with every command: as good as a password, and nothing tells when it was sent. */
        TOKEN;

        String word() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /** What a delivery is. */
    enum Verdict {
        RIGHT,
        /** Signed, too long ago or too far ahead. */
        STALE,
        WRONG
    }

    /** A delivery as it came. @param header by its name; {@code null}: it has none, or several */
    record Delivery(byte[] body, Function<String, @Nullable String> header) {}

    /**
     * A command.
     *
     * @param trigger the same for all deliveries of one command; empty: the chat names none
     * @param responseUrl empty: none
     * @param sentAt as the chat says; empty: it does not
     */
    record Typed(
            String team,
            String teamName,
            String user,
            String userName,
            String command,
            String text,
            String trigger,
            String responseUrl,
            String sentAt) {}

    /** The last part of the endpoint's path, and its name in the store: lower case letters. */
    String word();

    Set<Verification> verifications();

    /** In constant time as far as secrets go. Never throws for what it is given. */
    Verdict verify(Delivery delivery, Verification how, Secret secret, Instant now);

    /**
     * The one value that only this delivery has; the same again is the same bytes again.
     *
     * @param delivery a verified one
     */
    String fingerprint(Delivery delivery);

    /** @throws IllegalArgumentException with the reason: not what this chat sends */
    Typed read(Delivery delivery);

    /**
     * An answer that only the one who asked sees, as JSON.
     *
     * @param text plain: whatever in it the chat would take for markup, a link or a call of many is to be read, not obeyed
     */
    String answer(String text);

    /** How long after the command its response address is taken. */
    Duration answersFor();

    /** How often. */
    int answers();

    /** Where its response addresses are, when nobody says otherwise. */
    Set<String> usualHosts();
}
