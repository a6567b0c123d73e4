package dev.slipway.activities.store.audit;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** How an act ended. */
public enum AuditOutcome {
    /** It began. Without another row of the same act it is under way, or Slipway died in the middle of it. */
    BEGUN,
    /** It was done. */
    ALLOWED,
    /** Whoever asked may not do it. */
    REFUSED,
    /** They may, and it could not be done. */
    FAILED;

    /** The word of API, pages and store. */
    @JsonValue
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<AuditOutcome> of(String word) {
        return Arrays.stream(values())
                .filter(known -> known.word().equals(word))
                .findFirst();
    }
}
