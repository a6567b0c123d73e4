package dev.slipway.web.security;

import dev.slipway.activities.store.KeyRotation;
import dev.slipway.activities.store.SecretBox;
import dev.slipway.web.access.Needs;
import dev.slipway.web.access.Needs.At;
import dev.slipway.workflows.people.Permission;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Duration;
import java.util.List;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Changing the master key: what is sealed with which one, and sealing anew. Keys are named by their ids alone. */
@RestController
@Needs(value = Permission.CONFIGURE, at = At.EVERYWHERE)
@RequestMapping("/api/v1")
@Tag(name = "master key")
final class MasterKeyApi {
    /** Of one call; the next goes on. */
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final KeyRotation rotation;
    private final SecretBox box;

    MasterKeyApi(KeyRotation rotation, SecretBox box) {
        this.rotation = rotation;
        this.box = box;
    }

    /**
     * How far the change is.
     *
     * @param key id of the key that seals
     * @param older ids of the keys that open as well
     * @param left values that an older key sealed; 0: the older keys are not needed for the database any more
     * @param resealed by this call
     */
    record Keys(String key, List<String> older, long left, long resealed, List<KeyRotation.Column> columns) {}

    @GetMapping("/master-key")
    @Operation(summary = "Which master key seals, and how much is still sealed with an older one")
    Keys keys() {
        return keys(0);
    }

    @PostMapping("/master-key:reseal")
    @Operation(summary = "Seals anew what an older master key sealed; where much is left, call it again")
    Keys reseal() {
        return keys(rotation.reseal(LIMIT));
    }

    private Keys keys(long resealed) {
        List<KeyRotation.Column> columns = rotation.progress();
        return new Keys(
                box.keyId(),
                box.olderKeyIds(),
                columns.stream().mapToLong(KeyRotation.Column::older).sum(),
                resealed,
                columns);
    }
}
