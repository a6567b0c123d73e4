package dev.slipway.web.hooks;

import dev.slipway.activities.store.DeliveryStore;
import dev.slipway.activities.store.HookStore;
import dev.slipway.activities.store.HookStore.Hook;
import dev.slipway.activities.store.Secret;
import dev.slipway.web.hooks.HookView.SecretView;
import dev.slipway.web.shell.GivenName;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** The hooks that git providers call. */
@Component
final class Hooks {
    /** As GitLab wants its signing tokens: 32 bytes in base64. All others take it as the text that it is. */
    private static final int SECRET_BYTES = 32;

    private final SecureRandom random = new SecureRandom();
    private final HookStore store;
    private final DeliveryStore deliveries;

    Hooks(HookStore store, DeliveryStore deliveries) {
        this.store = store;
        this.deliveries = deliveries;
    }

    /** By name. */
    List<HookView> all() {
        return store.all().stream().map(hook -> view(hook, null)).toList();
    }

    /** @throws ProblemException {@code SLP-HOOK-UNKNOWN} */
    HookView one(String id) {
        return view(store.byId(id), null);
    }

    /**
     * A new hook; its secret is in the answer, and nowhere else ever.
     *
     * @throws ProblemException with everything that is wrong; then there is none
     */
    HookView add(String name, String provider, String address, String by) {
        List<Problem> problems = new ArrayList<>();
        if (!GivenName.isOne(name, GivenName.LONGEST)) {
            problems.add(GivenName.refused("name", name, GivenName.LONGEST, "shop"));
        }
        if (Provider.of(provider).isEmpty()) {
            problems.add(Problem.of(
                    ProblemCode.REQUEST_INVALID,
                    "provider",
                    "reason",
                    "provider: " + String.join(" | ", Provider.words())));
        }
        if (RepositoryAddress.of(address).isEmpty()) {
            problems.add(Problem.of(
                    ProblemCode.HOOK_ADDRESS, "address", "address", GivenName.shown(Payloads.shown(address))));
        }
        if (!problems.isEmpty()) {
            throw new ProblemException(problems);
        }
        Secret secret = secret();
        return view(store.add(name, provider, address.strip(), secret, by), secret.reveal());
    }

    /** Another secret beside those that are good; it is in the answer, and nowhere else ever. */
    HookView renew(String id) {
        Secret secret = secret();
        store.addSecret(id, secret);
        return view(store.byId(id), secret.reveal());
    }

    void removeSecret(String id, String secret) {
        store.removeSecret(id, secret);
    }

    void remove(String id) {
        store.remove(id);
    }

    private Secret secret() {
        byte[] bytes = new byte[SECRET_BYTES];
        random.nextBytes(bytes);
        return Secret.of(Signatures.STANDARD_PREFIX + Base64.getEncoder().encodeToString(bytes));
    }

    private HookView view(Hook hook, @Nullable String secret) {
        return new HookView(
                hook.id(),
                hook.name(),
                hook.provider(),
                "/api/v1/hooks/" + hook.provider() + "/" + hook.id(),
                hook.address(),
                hook.createdAt(),
                hook.createdBy(),
                store.secrets(hook.id()).stream()
                        .map(one -> new SecretView(one.id(), one.createdAt(), one.usedAt()))
                        .toList(),
                deliveries.newest(hook.id()),
                secret);
    }
}
