package dev.slipway.web.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AuditExportTest {
    @ParameterizedTest
    @ValueSource(strings = {"=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1"})
    @DisplayName("no name becomes a formula in a spreadsheet")
    void formula(String name) {
        assertThat(AuditExport.csv(row(name))).contains("\"'" + name + "\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a,b", "a\"b", "a\nb"})
    @DisplayName("a name stays one cell")
    void oneCell(String name) {
        assertThat(AuditExport.csv(row(name))).contains("\"" + name.replace("\"", "\"\"") + "\"");
    }

    private static AuditView row(String name) {
        return new AuditView(
                1,
                Instant.EPOCH,
                "a",
                "a",
                "allowed",
                "",
                "",
                "",
                "api",
                "",
                "thing.do",
                "thing",
                name,
                "",
                "",
                "",
                1,
                "00");
    }
}
