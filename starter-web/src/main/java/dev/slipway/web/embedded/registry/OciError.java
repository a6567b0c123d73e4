package dev.slipway.web.embedded.registry;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/**
 * An answer that is an error, in the words of the distribution specification; it becomes the response and is not logged.
 *
 * @see <a href="https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md#error-codes">Error codes</a>
 */
final class OciError extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    private final int status;
    private final String code;

    OciError(int status, String code, String message) {
        super(message, null, false, false);
        this.status = status;
        this.code = code;
    }

    int status() {
        return status;
    }

    String code() {
        return code;
    }

    static OciError unsupported(String method) {
        return new OciError(405, "UNSUPPORTED", "method not allowed here: " + method);
    }

    /** What a caller sent, short enough to repeat to it. */
    static String quote(@Nullable String text) {
        if (text == null) {
            return "(none)";
        }
        return text.length() <= 200 ? text : text.substring(0, 200) + "…";
    }
}
