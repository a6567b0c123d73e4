package dev.slipway.web.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.web.SlipwaySettings;
import dev.slipway.web.api.RateLimits.Answer;
import dev.slipway.web.api.RateLimits.Kind;
import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class RateLimitsTest {
    private final AtomicLong now = new AtomicLong();
    private final RateLimits limits = new RateLimits(new SlipwaySettings.Api(60, 6, 3, 2), new TimeMeter() {
        @Override
        public long currentTimeNanos() {
            return now.get();
        }

        @Override
        public boolean isWallClockBased() {
            return false;
        }
    });

    @Test
    @DisplayName(
            "who was quiet may use a minute's worth at once, then has to wait for the next one, and is told how long")
    void bucket() {
        for (int i = 1; i <= 6; i++) {
            Answer let = limits.ask(Kind.WRITE, "ann");
            assertThat(let.refused()).isFalse();
            assertThat(let.left()).isEqualTo(6 - i);
        }
        Answer refused = limits.ask(Kind.WRITE, "ann");
        assertThat(refused.refused()).isTrue();
        assertThat(refused.waitSeconds()).isEqualTo(10);
        assertThat(refused.policy()).isEqualTo("\"write\";q=6;w=60");
        assertThat(refused.state()).isEqualTo("\"write\";r=0;t=60");

        now.addAndGet(Duration.ofSeconds(10).toNanos());

        assertThat(limits.ask(Kind.WRITE, "ann").refused()).isFalse();
        assertThat(limits.ask(Kind.WRITE, "ann").refused()).isTrue();
    }

    @Test
    @DisplayName("kinds and callers are counted apart")
    void apart() {
        for (int i = 0; i < 3; i++) {
            limits.ask(Kind.COSTLY, "ann");
        }

        assertThat(limits.ask(Kind.COSTLY, "ann").refused()).isTrue();
        assertThat(limits.ask(Kind.READ, "ann").refused()).isFalse();
        assertThat(limits.ask(Kind.COSTLY, "bob").refused()).isFalse();
    }

    @Test
    @DisplayName("however many addresses ask, no more than so many are remembered")
    void bounded() {
        for (int i = 0; i < 50_000; i++) {
            limits.ask(Kind.ANONYMOUS, "address-" + i);
        }

        assertThat(limits.remembered()).isLessThanOrEqualTo(20_000);
    }
}
