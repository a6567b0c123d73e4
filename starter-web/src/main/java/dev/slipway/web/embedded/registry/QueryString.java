package dev.slipway.web.embedded.registry;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Reads the query only: the servlet API's parameters would also swallow a form-typed body, which here is a blob. */
final class QueryString {
    private QueryString() {}

    static @Nullable String first(@Nullable String query, String name) {
        if (query == null) {
            return null;
        }
        for (String pair : query.split("&")) {
            int equals = pair.indexOf('=');
            String key = equals < 0 ? pair : pair.substring(0, equals);
            if (decode(key).equals(name)) {
                return equals < 0 ? "" : decode(pair.substring(equals + 1));
            }
        }
        return null;
    }

    /** A plus stays a plus: digests and media types contain it and most clients do not escape it. */
    static String decode(String text) {
        try {
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new OciError(400, "UNSUPPORTED", "not a percent-encoded text: " + OciError.quote(text));
        }
    }
}
