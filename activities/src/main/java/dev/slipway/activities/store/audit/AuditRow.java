package dev.slipway.activities.store.audit;

/**
 * What was written down.
 *
 * @param seq its place, without gaps from 1
 * @param hash of the row before and of this one, 64 hex digits
 */
public record AuditRow(long seq, AuditEntry entry, String hash) {}
