package dev.slipway.web.environments;

import dev.slipway.workflows.application.Application;
import dev.slipway.workflows.application.ApplicationReader;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Documents as they were read last: a page that looks every 400 ms does not parse every 400 ms. */
final class Documents {
    private static final int KEPT = 64;

    private final Map<String, Optional<Application>> read = new LinkedHashMap<>(KEPT, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Optional<Application>> eldest) {
            return size() > KEPT;
        }
    };

    /** {@code null}: there is none, or it cannot be read. */
    @Nullable
    Application read(String text) {
        if (text.isBlank()) {
            return null;
        }
        synchronized (read) {
            return read.computeIfAbsent(
                            text,
                            unread -> Optional.ofNullable(
                                    ApplicationReader.read(unread).value()))
                    .orElse(null);
        }
    }
}
