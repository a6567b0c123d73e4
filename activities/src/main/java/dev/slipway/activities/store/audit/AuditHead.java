package dev.slipway.activities.store.audit;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The newest row at some moment. Kept outside the database it proves later that nothing was cut off.
 *
 * @param seq 0: there was none
 * @param hash 64 hex digits
 */
public record AuditHead(long seq, String hash) {
    /** Of an audit without rows. */
    public static final AuditHead NONE = new AuditHead(0, AuditChain.BEGIN);

    private static final Pattern TEXT = Pattern.compile("(\\d{1,18}):([0-9a-f]{64})");

    /** {@code 42:9be0…} */
    public static Optional<AuditHead> of(String text) {
        Matcher matcher = TEXT.matcher(text.strip());
        return matcher.matches()
                ? Optional.of(new AuditHead(Long.parseLong(matcher.group(1)), matcher.group(2)))
                : Optional.empty();
    }

    @Override
    public String toString() {
        return seq + ":" + hash;
    }
}
