package dev.slipway.web.audit;

import dev.slipway.activities.store.audit.AuditHead;
import dev.slipway.activities.store.audit.AuditOutcome;
import dev.slipway.activities.store.audit.AuditProof;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The audit's page for the gallery of pages. */
public final class AuditPageModels {
    private AuditPageModels() {}

    public static Map<String, Object> rows(String name, Instant at) {
        return model(
                List.of(
                        row(43, at, "allowed", "ada", "environment.create", "environment", name, "", 1),
                        row(42, at, "refused", "", "refusals.counted", "", "", "", 120),
                        row(41, at, "refused", "bob", "run.start", "environment", name, "SLP-AUTH-NOT-PERMITTED", 1),
                        row(40, at, "begun", "ada", "cluster.delete", "cluster", "staging", "", 1)),
                "40",
                new AuditProof.Result(43, new AuditHead(43, "0".repeat(64)), null, 0));
    }

    public static Map<String, Object> none() {
        return model(List.of(), null, null);
    }

    public static Map<String, Object> broken() {
        return model(
                List.of(),
                null,
                new AuditProof.Result(6, new AuditHead(6, "0".repeat(64)), AuditProof.Break.CUT_OFF, 7));
    }

    private static Map<String, Object> model(
            List<AuditView> rows, @Nullable String next, AuditProof.@Nullable Result proof) {
        Map<String, Object> model = new HashMap<>();
        model.put("asked", new AskedAudit(null, null, null, null, null, null, null));
        model.put("rows", rows);
        model.put("next", next);
        model.put("filtered", false);
        model.put(
                "outcomes",
                Arrays.stream(AuditOutcome.values()).map(AuditOutcome::word).toList());
        model.put("proof", proof);
        return model;
    }

    private static AuditView row(
            long seq,
            Instant at,
            String outcome,
            String who,
            String action,
            String kind,
            String name,
            String problem,
            long times) {
        return new AuditView(
                seq,
                at,
                "act",
                "act",
                outcome,
                who,
                "",
                "",
                "api",
                "127.0.0.1",
                action,
                kind,
                name,
                "",
                "POST /x",
                problem,
                times,
                "0".repeat(64));
    }
}
