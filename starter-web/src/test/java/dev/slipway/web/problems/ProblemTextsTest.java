package dev.slipway.web.problems;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.workflows.contract.Problems;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.CannotGetJdbcConnectionException;

class ProblemTextsTest {
    private final ProblemTexts texts = new ProblemTexts();
    private final Problem portInUse =
            Problem.of(ProblemCode.START_PORT_IN_USE, "127.0.0.1:8080", "port", "8080", "setting", "slipway.port");

    @Test
    @DisplayName("a problem is told in the reader's language, in English to everybody else")
    void languages() {
        assertThat(texts.text(portInUse, Locale.ENGLISH).what()).isEqualTo("Port 8080 is in use by another program.");
        assertThat(texts.text(portInUse, Locale.SIMPLIFIED_CHINESE).what()).contains("端口 8080");
        assertThat(texts.text(portInUse, Locale.FRENCH).what()).startsWith("Port 8080");
        assertThat(texts.text(portInUse, Locale.ENGLISH).fix()).contains("slipway.port");
    }

    @Test
    @DisplayName("an argument with braces or dollars is text, and a missing one is a question mark")
    void hostileArguments() {
        Problem hostile = Problem.of(ProblemCode.STEP_UNEXPECTED, "", "message", "{message} $1 \\");

        assertThat(texts.text(hostile, Locale.ENGLISH).what()).endsWith("{message} $1 \\");
        assertThat(texts.text(Problem.of(ProblemCode.STEP_UNEXPECTED, ""), Locale.ENGLISH)
                        .what())
                .endsWith("?");
    }

    @Test
    @DisplayName("a lost database and a step's failure are recognised; a bug gets a reference and never its message")
    void caught() {
        assertThat(CaughtProblems.of(new CannotGetJdbcConnectionException("x", new SQLException("y", "08001"))))
                .extracting(Problem::code)
                .containsExactly(ProblemCode.STORE_UNREACHABLE);
        assertThat(CaughtProblems.of(new RuntimeException(new ProblemException(portInUse))))
                .containsExactly(portInUse);
        assertThat(CaughtProblems.of(Problems.failure(new ProblemException(List.of(portInUse, portInUse)))))
                .hasSize(2);
        Problem bug =
                CaughtProblems.of(new IllegalStateException("secret detail")).get(0);
        assertThat(bug.code()).isEqualTo(ProblemCode.UNEXPECTED);
        assertThat(bug.toString()).doesNotContain("secret detail");
    }

    @Test
    @DisplayName("a failed start is told as what, where and fix; an unknown failure is left to others")
    void startProblems() {
        ByteArrayOutputStream console = new ByteArrayOutputStream();
        StartProblems reporter = new StartProblems(new PrintStream(console, true));

        assertThat(reporter.reportException(new RuntimeException("outer", new ProblemException(portInUse))))
                .isTrue();
        assertThat(reporter.reportException(new IllegalStateException("?"))).isFalse();

        assertThat(console.toString()).contains("SLP-START-PORT-IN-USE", "what ", "where ", "fix ");
    }
}
