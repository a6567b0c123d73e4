package dev.slipway.activities.store;

import java.util.List;

/**
 * A column with sealed values. A test compares this list with the database, so that a new one cannot be forgotten: after a change
 * of the master key it would be lost with the old key.
 *
 * @param context in SQL, of the row: the same text that the store seals with
 */
record SealedColumn(String table, String column, String context) {
    static final List<SealedColumn> ALL = List.of(
            new SealedColumn("master_key_check", "sealed", "'master key check'"),
            new SealedColumn("audit_head", "sealed", "'audit head'"),
            new SealedColumn("cluster", "kubeconfig", "'cluster/' || name"),
            new SealedColumn("git_login", "secret", "'git/' || name || '/' || address"),
            new SealedColumn("git_login", "passphrase", "'git/' || name || '/' || address"),
            new SealedColumn("webhook", "address", "'webhook/' || name || '/address'"),
            new SealedColumn("webhook", "secret", "'webhook/' || name || '/secret'"),
            new SealedColumn("webhook", "old_secret", "'webhook/' || name || '/old'"),
            new SealedColumn("status_host", "token", "'status/' || name"),
            new SealedColumn("outbox", "address", "'outbox/' || id"),
            new SealedColumn("hook_secret", "secret", "'hook/' || hook_id || '/' || id"),
            new SealedColumn("chat_connection", "secret", "'chat/' || name"),
            new SealedColumn("chat_command", "response_url", "'chat-command/' || id"),
            new SealedColumn("repeat_answer", "request", "'repeat/' || caller || '/' || key"),
            new SealedColumn("step_undo", "before", "'undo/' || run_id || '/' || subject"),
            new SealedColumn("parameter_secret", "ciphertext", "'parameter/' || environment_id || '/' || name"));
}
