package dev.slipway.web.embedded;

import dev.slipway.activities.store.Secret;
import dev.slipway.activities.store.SecretBox;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds the master key: the setting wins; else a file in the data folder, made at the first start. Further lines of the file are
 * older keys, as are those of the setting.
 */
final class MasterKeys {
    static final String FILE = "master.key";

    private MasterKeys() {}

    static SecretBox load(@Nullable Secret setting, List<Secret> older, DataFolder data) {
        if (setting != null) {
            return SecretBox.ofBase64(setting, older);
        }
        try {
            String kept = data.read(FILE);
            if (kept == null) {
                kept = SecretBox.newKey().reveal();
                data.write(FILE, kept);
            }
            List<Secret> lines = kept.lines()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty())
                    .map(Secret::of)
                    .toList();
            if (lines.isEmpty()) {
                throw new IllegalArgumentException("the file is empty");
            }
            return SecretBox.ofBase64(
                    lines.get(0),
                    Stream.concat(lines.stream().skip(1), older.stream()).toList());
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
