package dev.slipway.web.hooks;

import dev.slipway.activities.hash.Sha256;
import dev.slipway.activities.store.DeliveryStore;
import dev.slipway.activities.store.DeliveryStore.Accepted;
import dev.slipway.activities.store.DeliveryStore.StoredDelivery;
import dev.slipway.activities.store.DeliveryStore.StoredResult;
import dev.slipway.activities.store.HookStore;
import dev.slipway.activities.store.HookStore.Candidate;
import dev.slipway.activities.store.HookStore.Hook;
import dev.slipway.activities.store.Push;
import dev.slipway.web.SlipwaySettings;
import dev.slipway.web.security.SignedBody;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/** Lets deliveries in, or refuses them; what comes of them is {@link PushKeeper}'s. */
@Component
final class Deliveries {
    /** So many refused ones of a hook are kept. */
    private static final int REFUSED_KEPT = 200;

    private static final int REFUSED_BY_ADDRESS = 30;
    private static final int REFUSED_BY_HOOK = 60;
    private static final int LONGEST_ID = 200;

    private final HookStore hooks;
    private final DeliveryStore store;
    private final Doorbell doorbell;
    private final String largest;
    private final Clock clock;
    private final RefusalLimit byAddress;
    private final RefusalLimit byHook;

    @Autowired
    Deliveries(HookStore hooks, DeliveryStore store, Doorbell doorbell, SlipwaySettings settings) {
        this.hooks = hooks;
        this.store = store;
        this.doorbell = doorbell;
        this.largest = settings.hooks().largest().toKilobytes() + " KB";
        this.clock = Clock.systemUTC();
        this.byAddress = new RefusalLimit(clock, REFUSED_BY_ADDRESS);
        this.byHook = new RefusalLimit(clock, REFUSED_BY_HOOK);
    }

    /**
     * One delivery. The same again is what it was the first time.
     *
     * @param address where it comes from
     * @throws ProblemException {@code SLP-HOOK-UNKNOWN}, {@code SLP-REQUEST-TOO-BIG}, {@code SLP-HOOK-SIGNATURE},
     *     {@code SLP-HOOK-STALE}, {@code SLP-HOOK-PAYLOAD}, {@code SLP-HOOK-REPOSITORY}, {@code SLP-HOOK-REPLAYED},
     *     {@code SLP-HOOK-TOO-OFTEN}
     */
    Accepted receive(Provider provider, String hookId, Headers headers, SignedBody body, String address) {
        Hook hook = hooks.find(hookId)
                .filter(found -> found.provider().equals(provider.word()))
                .orElseThrow(() -> HookStore.unknown(hookId));
        String digest = Sha256.hex(body.bytes());
        try {
            Accepted accepted = accepted(hook, provider, headers, body, digest, address);
            if (!accepted.repeated()) {
                doorbell.ring();
            }
            return accepted;
        } catch (ProblemException refused) {
            if (!byAddress.within(address) | !byHook.within(hook.id())) {
                throw new ProblemException(Problem.of(ProblemCode.HOOK_TOO_OFTEN, hook.name()), refused);
            }
            store.refuse(
                    hook, Payloads.shown(provider.event(headers)), digest, refused.problem(), address, REFUSED_KEPT);
            throw refused;
        }
    }

    private Accepted accepted(
            Hook hook, Provider provider, Headers headers, SignedBody body, String digest, String address) {
        if (body.tooBig()) {
            throw refused(ProblemCode.REQUEST_TOO_BIG, hook, "limit", largest);
        }
        List<Candidate> candidates = hooks.candidates(hook.id());
        Signatures.Checked checked = Signatures.check(
                provider,
                headers,
                body.bytes(),
                candidates.stream().map(Candidate::secret).toList(),
                clock.instant());
        switch (checked.finding()) {
            case WRONG, MISSING -> throw refused(ProblemCode.HOOK_SIGNATURE, hook);
            case STALE ->
                throw refused(ProblemCode.HOOK_STALE, hook, "minutes", Long.toString(Signatures.WINDOW.toMinutes()));
            case GOOD -> hooks.used(candidates.get(checked.secret()).id());
        }
        Payload payload = Payloads.read(provider, headers, body.bytes());
        Push push = payload.push() == null ? null : spokenFor(hook, payload.push());
        return store.accept(
                hook, delivery(provider, headers, digest), digest, payload.event(), push, payload.reason(), address);
    }

    /** Of the addresses that the delivery gives its repository, only those that the hook may speak for. */
    private static Push spokenFor(Hook hook, Push push) {
        RepositoryAddress place = RepositoryAddress.of(hook.address()).orElseThrow();
        List<String> held = push.repositories().stream()
                .filter(address ->
                        RepositoryAddress.of(address).filter(place::holds).isPresent())
                .toList();
        if (held.isEmpty()) {
            throw refused(
                    ProblemCode.HOOK_REPOSITORY,
                    hook,
                    "address",
                    hook.address(),
                    "repository",
                    push.repositories().get(0));
        }
        return push.at(held);
    }

    private static String delivery(Provider provider, Headers headers, String digest) {
        String id = provider.delivery(headers);
        if (id.length() > LONGEST_ID || !id.chars().allMatch(c -> c > ' ' && c < 127)) {
            throw Payloads.malformed("delivery-id");
        }
        String time = headers.get("X-Gitee-Timestamp");
        return !id.isEmpty() ? id : "sha256:" + Sha256.hex((digest + time).getBytes(StandardCharsets.UTF_8));
    }

    private static ProblemException refused(ProblemCode code, Hook hook, String... arguments) {
        return new ProblemException(Problem.of(code, hook.name(), arguments));
    }

    List<StoredResult> results(StoredDelivery delivery) {
        return store.results(List.of(delivery.id()));
    }
}
