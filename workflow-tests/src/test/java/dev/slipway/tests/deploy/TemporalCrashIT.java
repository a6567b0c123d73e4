package dev.slipway.tests.deploy;

import dev.slipway.tests.environment.TemporalNamespace;
import dev.slipway.tests.support.Engines;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;

@DisplayName("killed, with a Temporal server that goes on")
class TemporalCrashIT extends CrashContract {
    private String address = "";
    private TemporalNamespace namespace;

    @BeforeEach
    void register() {
        address = Engines.variable("SLIPWAY_IT_TEMPORAL");
        namespace = TemporalNamespace.register(address);
    }

    @AfterEach
    void delete() {
        if (namespace != null) {
            namespace.close();
        }
    }

    @Override
    List<String> engine() {
        return List.of("slipway.temporal.target=" + address, "slipway.temporal.namespace=" + namespace.name());
    }
}
