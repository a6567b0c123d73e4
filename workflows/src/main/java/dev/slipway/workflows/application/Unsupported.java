package dev.slipway.workflows.application;

import java.util.LinkedHashMap;
import java.util.Map;

/** What a document may say but this version does not run yet. It shrinks; when it is empty, it goes. */
final class Unsupported {
    private Unsupported() {}

    /** Path of the field -> what it says, for the application itself. */
    static Map<String, String> in(Application application) {
        Map<String, String> found = new LinkedHashMap<>();
        if (application.governance() != Governance.KUBERNETES) {
            found.put("spec.governance", "governance: " + word(application.governance()));
        }
        return found;
    }

    /** Path of the field in the component -> what it says. */
    static Map<String, String> in(Component component) {
        Map<String, String> found = new LinkedHashMap<>();
        if (!component.sidecars().isEmpty()) {
            found.put(".sidecars", "sidecars");
        }
        return found;
    }

    private static String word(Enum<?> value) {
        return dev.slipway.workflows.application.yaml.Words.word(value);
    }
}
