package dev.slipway.web.people;

import dev.slipway.activities.store.CredentialStore.NewToken;
import dev.slipway.activities.store.CredentialStore.Token;
import dev.slipway.workflows.people.Permission;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A token, as API and pages show it.
 *
 * @param hint its first characters
 * @param state {@code works}, {@code expired}, {@code revoked}
 * @param expiresAt {@code null}: never
 * @param usedAt {@code null}: not yet; told to the minute
 * @param token all of it; only in the answer to its making, {@code null} ever after
 */
public record TokenView(
        String id,
        String name,
        String hint,
        List<Permission> scopes,
        String state,
        Instant createdAt,
        String createdBy,
        @Nullable Instant expiresAt,
        @Nullable Instant usedAt,
        @Nullable String token) {
    public TokenView {
        scopes = List.copyOf(scopes);
    }

    static TokenView of(Token token) {
        return view(token, null);
    }

    static TokenView of(NewToken made) {
        return view(made.token(), made.text().reveal());
    }

    private static TokenView view(Token token, @Nullable String text) {
        String state = token.revoked() ? "revoked" : token.expired() ? "expired" : "works";
        return new TokenView(
                token.id(),
                token.name(),
                token.hint(),
                token.scopes().stream().sorted().toList(),
                state,
                token.createdAt(),
                token.createdBy(),
                token.expiresAt(),
                token.usedAt(),
                text);
    }
}
