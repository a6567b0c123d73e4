package dev.slipway.activities.kubernetes.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class LogLinesTest {
    @Test
    @DisplayName("each line with its time; one without, an empty one, a last one without an end, and other line ends")
    void lines() throws IOException {
        List<LogLine> lines = read(stream(
                "2026-11-24T12:00:01.123456789Z one\n2026-11-24T14:00:02+02:00 two words\r\nno time here\n\n2026-11-24T12:00:03Z \n"
                        + "2026-11-24T12:00:04Z last"));

        assertThat(lines).extracting(LogLine::text).containsExactly("one", "two words", "no time here", "", "", "last");
        assertThat(lines)
                .extracting(LogLine::at)
                .containsExactly(
                        Instant.parse("2026-11-24T12:00:01.123456789Z"),
                        Instant.parse("2026-11-24T12:00:02Z"),
                        null,
                        null,
                        Instant.parse("2026-11-24T12:00:03Z"),
                        Instant.parse("2026-11-24T12:00:04Z"));
    }

    @Test
    @DisplayName("a line of a megabyte keeps its beginning and says how much is left out; the next line is whole")
    void longLine() throws IOException {
        List<LogLine> lines =
                read(stream("2026-11-24T12:00:01Z " + "x".repeat(1 << 20) + "\n2026-11-24T12:00:02Z next\n"));

        assertThat(lines).hasSize(2);
        LogLine cut = lines.get(0);
        assertThat(cut.text().length()).isBetween(LogLines.LONGEST, LogLines.LONGEST + 40);
        assertThat(cut.text().length() + cut.cut()).isEqualTo(1 << 20);
        assertThat(lines.get(1).text()).isEqualTo("next");
        assertThat(lines.get(1).cut()).isZero();
    }

    @Test
    @DisplayName("what is no text is shown as such and does not end the log; a line may come in pieces")
    void pieces() throws IOException {
        InputStream first = stream("2026-11-24T12:00:01Z ab");
        InputStream second = new ByteArrayInputStream(new byte[] {(byte) 0xff, 'c', '\n', 'd', '\n'});

        assertThat(read(new SequenceInputStream(first, second)))
                .extracting(LogLine::text)
                .containsExactly("ab\ufffdc", "d");
    }

    private static InputStream stream(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    private static List<LogLine> read(InputStream in) throws IOException {
        List<LogLine> lines = new ArrayList<>();
        try (LogLines log = new LogLines("web-1", in)) {
            for (LogLine line = log.next(); line != null; line = log.next()) {
                lines.add(line);
            }
        }
        return lines;
    }
}
