package dev.slipway.web.hooks;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A hook as pages and API show it.
 *
 * @param path where the provider calls, behind the address of this installation
 * @param address what it may speak for
 * @param newest when something came last that was let in; {@code null}: never
 * @param secret the new one, shown this once; {@code null}: none is new
 */
public record HookView(
        String id,
        String name,
        String provider,
        String path,
        String address,
        Instant createdAt,
        String createdBy,
        List<SecretView> secrets,
        @Nullable Instant newest,
        @Nullable String secret) {
    /** @param usedAt when a delivery was signed with it last; {@code null}: never */
    public record SecretView(
            String id, Instant createdAt, @Nullable Instant usedAt) {}

    public HookView {
        secrets = List.copyOf(secrets);
    }

    /** It may hold a secret. */
    @Override
    public String toString() {
        return "HookView[" + name + "]";
    }
}
