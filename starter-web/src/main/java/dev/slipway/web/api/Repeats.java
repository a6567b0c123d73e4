package dev.slipway.web.api;

import dev.slipway.activities.store.RepeatStore;
import dev.slipway.activities.store.RepeatStore.Kept;
import dev.slipway.web.access.Caller;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/**
 * Requests that create something, done once for each {@code Idempotency-Key} of a caller: the same key with the same request
 * gives the same answer for 24 hours, also when it was given by another process. A request that was refused is not kept: it
 * may be sent again with its key. Runs have keys of their own, for good (see {@code Runs}).
 */
@Component
public final class Repeats {
    public static final String HEADER = "Idempotency-Key";
    public static final int LONGEST_KEY = 200;

    private final RepeatStore store;
    private final JsonMapper json;

    Repeats(RepeatStore store, JsonMapper json) {
        this.store = store;
        this.json = json;
    }

    /**
     * @param key {@code null}: the caller has none, the request is done
     * @param what is asked for, and of what: {@code POST /api/v1/environments}
     * @param body everything else that makes it this request
     * @throws ProblemException {@code SLP-REQUEST-KEY-REUSED}, {@code SLP-REQUEST-KEY-BUSY}, {@code SLP-REQUEST-INVALID} for a
     *     key that cannot be one
     */
    public <T> ResponseEntity<T> once(
            Caller caller,
            @Nullable String key,
            String what,
            Object body,
            Class<T> type,
            Supplier<ResponseEntity<T>> create) {
        if (key == null) {
            return create.get();
        }
        checked(key);
        String who = caller.userId() == null ? "name/" + caller.name() : "user/" + caller.userId();
        Optional<Kept> kept = store.begin(who, key, fingerprint(what, body));
        if (kept.isPresent()) {
            return answer(kept.get(), type);
        }
        boolean done = false;
        try {
            ResponseEntity<T> created = create.get();
            store.finish(who, key, kept(created));
            done = true;
            return created;
        } finally {
            if (!done) {
                store.forget(who, key);
            }
        }
    }

    /** @throws ProblemException {@code SLP-REQUEST-INVALID} for a key that cannot be one */
    public static void checked(String key) {
        if (key.isBlank() || key.length() > LONGEST_KEY || key.chars().anyMatch(c -> c < ' ' || c > '~')) {
            throw new ProblemException(Problem.of(
                    ProblemCode.REQUEST_INVALID,
                    HEADER,
                    "reason",
                    HEADER + ": 1 to " + LONGEST_KEY + " printable ASCII characters"));
        }
    }

    private byte[] fingerprint(String what, Object body) {
        return (what + "\n" + json.writeValueAsString(body)).getBytes(StandardCharsets.UTF_8);
    }

    private Kept kept(ResponseEntity<?> answer) {
        URI location = answer.getHeaders().getLocation();
        return new Kept(
                answer.getStatusCode().value(),
                location == null ? null : location.toString(),
                answer.getHeaders().getETag(),
                json.writeValueAsString(answer.getBody()));
    }

    private <T> ResponseEntity<T> answer(Kept kept, Class<T> type) {
        ResponseEntity.BodyBuilder answer = ResponseEntity.status(kept.status());
        if (kept.location() != null) {
            answer.location(URI.create(kept.location()));
        }
        if (kept.etag() != null) {
            answer.eTag(kept.etag());
        }
        return answer.body(json.readValue(kept.body(), type));
    }
}
