package dev.slipway.web.audit;

import dev.slipway.activities.store.audit.AuditEntry;
import dev.slipway.activities.store.audit.AuditRow;
import java.time.Instant;

/**
 * A row for reading; texts that do not apply are empty.
 *
 * @param outcome {@code begun}: it has no other row, so it is under way or was cut short
 * @param times how many acts alike it stands for
 * @param hash SHA-256 over the hash of the row before and this one
 */
public record AuditView(
        long seq,
        Instant at,
        String act,
        String request,
        String outcome,
        String who,
        String userId,
        String tokenId,
        String door,
        String address,
        String action,
        String kind,
        String name,
        String subjectId,
        String detail,
        String problem,
        long times,
        String hash) {
    static AuditView of(AuditRow row) {
        AuditEntry entry = row.entry();
        return new AuditView(
                row.seq(),
                entry.at(),
                entry.act(),
                entry.request(),
                entry.outcome().word(),
                entry.who(),
                entry.userId(),
                entry.tokenId(),
                entry.door(),
                entry.address(),
                entry.action(),
                entry.kind(),
                entry.name(),
                entry.subjectId(),
                entry.detail(),
                entry.problem(),
                entry.times(),
                row.hash());
    }
}
