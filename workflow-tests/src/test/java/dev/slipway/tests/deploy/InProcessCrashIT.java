package dev.slipway.tests.deploy;

import java.util.List;
import org.junit.jupiter.api.DisplayName;

@DisplayName("killed, with an engine that forgets")
class InProcessCrashIT extends CrashContract {
    @Override
    List<String> engine() {
        return List.of("slipway.temporal.cli=none");
    }
}
