package dev.slipway.web.logs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.workflows.problem.ProblemException;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LogQueryTest {
    private static final Instant NOON = Instant.parse("2026-11-24T12:00:00Z");

    @ParameterizedTest
    @DisplayName("a span reaches back from now")
    @CsvSource({"90s, PT90S", "10m, PT10M", " 1h , PT1H", "2d, PT48H"})
    void back(String since, Duration back) {
        assertThat(query(since).from(NOON)).isEqualTo(NOON.minus(back));
    }

    @Test
    @DisplayName("a moment is taken with its zone; nothing is nothing")
    void moments() {
        assertThat(query("2026-11-24T13:00:00.5+01:00").from(NOON)).isEqualTo(NOON);
        assertThat(query("").from(NOON)).isNull();
    }

    @ParameterizedTest
    @DisplayName("anything else is refused with what would be right")
    @ValueSource(
            strings = {"yesterday", "10", "m", "-5m", "10000000m", "12:00", "2026-11-24T12:00:00", "1h30m", "10m&x=1"})
    void refuses(String since) {
        assertThatThrownBy(() -> query(since).from(NOON))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("SLP-REQUEST-INVALID");
    }

    private static LogQuery query(String since) {
        return new LogQuery("", "", false, since, "");
    }
}
