package dev.slipway.activities.store.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class AuditChainTest {
    private static final Instant AT = Instant.parse("2026-01-31T12:00:00.123456Z");

    @Test
    @DisplayName("a row is hashed as documented, today as at the time it was written")
    void stays() {
        assertThat(AuditChain.hash(AuditChain.BEGIN, 1, entry("ada", "thing.do", "x")))
                .isEqualTo("caf3b7df33e18ade8de28e72a1d892baf90f51d6d9aad81b24180a1df1ab8cdd");
    }

    @Test
    @DisplayName("no two rows are written alike")
    void injective() {
        String one = AuditChain.hash(AuditChain.BEGIN, 1, entry("ada", "b", "x"));

        assertThat(AuditChain.hash(AuditChain.BEGIN, 1, entry("adab", "", "x"))).isNotEqualTo(one);
        assertThat(AuditChain.hash(AuditChain.BEGIN, 2, entry("ada", "b", "x"))).isNotEqualTo(one);
        assertThat(AuditChain.hash("1".repeat(64), 1, entry("ada", "b", "x"))).isNotEqualTo(one);
    }

    @Test
    @DisplayName("what cannot be stored is not taken in: control characters, halves of letters, endless names")
    void plain() {
        AuditEntry entry = entry("a\0b\n\uD800", "x".repeat(5_000), "\uD83D\uDE00");

        assertThat(entry.who()).isEqualTo("a\uFFFDb\uFFFD\uFFFD");
        assertThat(entry.action()).hasSize(200);
        assertThat(entry.name()).isEqualTo("\uD83D\uDE00");
    }

    private static AuditEntry entry(String who, String action, String name) {
        return new AuditEntry(
                AT, "act", "act", AuditOutcome.ALLOWED, who, "", "", "api", "", action, "thing", name, "", "", "", 1);
    }
}
