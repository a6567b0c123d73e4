package dev.slipway.activities.detect;

import dev.slipway.workflows.application.Source;
import dev.slipway.workflows.application.Source.Build;
import dev.slipway.workflows.application.Source.Builder;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a proposal says of how a component is built. */
final class Builds {
    private Builds() {}

    static Build auto() {
        return of(null, null, null, Map.of());
    }

    /** @param file from the component's folder */
    static Build dockerfile(String file) {
        return of(file, null, null, Map.of());
    }

    static Build inline(String text) {
        return of(null, text, null, Map.of());
    }

    static Build of(@Nullable String file, @Nullable String inline, @Nullable String target, Map<String, String> args) {
        return new Source.Build(
                Builder.AUTO,
                Dockerfiles.NAME.equals(file) ? null : file,
                inline,
                target,
                args,
                List.of(),
                null,
                Map.of(),
                List.of());
    }
}
