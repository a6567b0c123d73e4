package dev.slipway.web.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.security.web.savedrequest.SimpleSavedRequest;

class SignInTest {
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private final Clock clock = new Clock() {
        @Override
        public ZoneOffset getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(java.time.ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    };

    @Test
    @DisplayName("the eleventh failure within a minute waits, other addresses do not, and the wait ends")
    void throttled() {
        SignInThrottle throttle = new SignInThrottle(clock);
        for (int i = 0; i < 10; i++) {
            assertThat(throttle.wait("a")).isZero();
            throttle.failed("a");
        }

        assertThat(throttle.wait("a")).isEqualTo(Duration.ofMinutes(1));
        assertThat(throttle.wait("b")).isZero();
        now = now.plusSeconds(60);
        assertThat(throttle.wait("a")).isZero();
    }

    @ParameterizedTest
    @DisplayName("after sign-in a person lands on this server only")
    @CsvSource({
        "http://localhost/runs?state=failed&continue, /runs?state=failed",
        "http://localhost/runs?continue, /runs",
        "http://evil.example/x, /x",
        "http://localhost//evil.example/x, /",
        "http://localhost/%5Cevil, /%5Cevil",
        "javascript:alert(1), /",
        "::, /"
    })
    void target(String saved, String target) {
        assertThat(SignInController.target(new SimpleSavedRequest(saved))).isEqualTo(target);
    }
}
