package dev.slipway.activities.store;

import dev.slipway.workflows.problem.ProblemException;
import java.nio.charset.StandardCharsets;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Proves at start that the master key is the one this database was sealed with: a known text, sealed at the first start,
 * must open. Safe to repeat, and by several processes at once.
 */
public final class MasterKeyCheck {
    private static final String CONTEXT = "master key check";
    private static final byte[] TEXT = "slipway".getBytes(StandardCharsets.UTF_8);

    private MasterKeyCheck() {}

    /** @throws ProblemException {@code SLP-KEY-WRONG} when another key was used before */
    public static void prove(SecretBox box, JdbcClient jdbc) {
        jdbc.sql("insert into master_key_check (one, sealed) values (true, :sealed) on conflict do nothing")
                .param("sealed", box.seal(TEXT, CONTEXT))
                .update();
        byte[] sealed = jdbc.sql("select sealed from master_key_check")
                .query(byte[].class)
                .single();
        box.open(sealed, CONTEXT);
    }
}
