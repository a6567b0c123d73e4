package dev.slipway.web.embedded;

import dev.slipway.activities.store.Secret;
import dev.slipway.activities.store.SecretBox;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Finds the master key: the setting wins; else a file in the data folder, made at the first start. */
final class MasterKeys {
    static final String FILE = "master.key";

    private MasterKeys() {}

    static SecretBox load(@Nullable Secret setting, DataFolder data) {
        if (setting != null) {
            return SecretBox.ofBase64(setting);
        }
        try {
            String kept = data.read(FILE);
            if (kept == null) {
                kept = SecretBox.newKey().reveal();
                data.write(FILE, kept);
            }
            return SecretBox.ofBase64(Secret.of(kept));
        } catch (IOException | IllegalArgumentException e) {
            throw new ProblemException(
                    Problem.of(
                            ProblemCode.MASTER_KEY_WRONG,
                            data.path().resolve(FILE).toString(),
                            "key",
                            "?",
                            "expected",
                            "?"),
                    e);
        }
    }
}
