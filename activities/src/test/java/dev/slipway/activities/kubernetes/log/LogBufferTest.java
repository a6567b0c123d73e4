package dev.slipway.activities.kubernetes.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.activities.kubernetes.log.LogBuffer.Batch;
import dev.slipway.activities.kubernetes.log.LogLine.Kind;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class LogBufferTest {
    private static final Instant NOON = Instant.parse("2026-11-24T12:00:00Z");

    @Test
    @DisplayName("what comes faster than it is taken goes, the oldest first, and is counted to the line")
    void dropsOldest() throws InterruptedException {
        LogBuffer buffer = new LogBuffer(100, 1 << 20);
        for (int i = 0; i < 5_000; i++) {
            buffer.add(line(i, "line " + i));
        }

        Batch first = buffer.take(60, Duration.ZERO);
        assertThat(first.skipped()).isEqualTo(4_900);
        assertThat(first.lines()).hasSize(60);
        assertThat(first.lines().get(0).text()).isEqualTo("line 4900");

        Batch second = buffer.take(60, Duration.ZERO);
        assertThat(second.skipped()).isZero();
        assertThat(second.lines()).hasSize(40);
        assertThat(second.lines().get(39).text()).isEqualTo("line 4999");
    }

    @Test
    @DisplayName("it is bounded by characters too, and lets the newest line through however long it is")
    void boundedByCharacters() throws InterruptedException {
        LogBuffer buffer = new LogBuffer(1_000, 100);
        buffer.add(line(1, "x".repeat(90)));
        buffer.add(line(2, "y".repeat(500)));

        Batch batch = buffer.take(10, Duration.ZERO);
        assertThat(batch.skipped()).isEqualTo(1);
        assertThat(batch.lines()).extracting(line -> line.text().charAt(0)).containsExactly('y');
    }

    @Test
    @DisplayName("lines of several pods come by their time, those of one moment as they came")
    void byTime() throws InterruptedException {
        LogBuffer buffer = new LogBuffer(10, 1_000);
        buffer.add(line(3, "c"));
        buffer.add(line(1, "a"));
        buffer.add(line(3, "d"));
        buffer.add(line(2, "b"));

        assertThat(buffer.take(10, Duration.ZERO).lines())
                .extracting(LogLine::text)
                .containsExactly("a", "b", "c", "d");
    }

    @Test
    @DisplayName("who waits is told when something comes, and when nothing will come any more")
    void waits() throws InterruptedException {
        LogBuffer buffer = new LogBuffer(10, 1_000);
        Thread writer = new Thread(() -> buffer.add(line(1, "a")));
        writer.start();
        assertThat(buffer.take(10, Duration.ofSeconds(30)).lines()).hasSize(1);

        buffer.finish();
        buffer.add(line(2, "too late"));
        assertThat(buffer.take(10, Duration.ofSeconds(30))).isEqualTo(new Batch(0, java.util.List.of(), true));
    }

    private static LogLine line(int second, String text) {
        return new LogLine(Kind.TEXT, "web-1", NOON.plusSeconds(second), text, 0);
    }
}
