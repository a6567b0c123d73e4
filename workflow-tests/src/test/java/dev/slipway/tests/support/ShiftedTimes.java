package dev.slipway.tests.support;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Makes the times of an API server's answers later, as if its clock were ahead. Their length stays the same. */
final class ShiftedTimes {
    private static final Pattern TIME = Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d");
    private static final Pattern DATE = Pattern.compile("(?im)^(Date: )(.*)$");
    private static final Pattern SINCE = Pattern.compile("(sinceTime=)([^& ]+)");
    /** What may be the beginning of a time whose rest has not come yet. */
    private static final Pattern BEGUN = Pattern.compile("[0-9T:-]{1,18}\\z");

    private final Duration ahead;

    ShiftedTimes(Duration ahead) {
        this.ahead = ahead;
    }

    /** A request whose answer comes in one piece until its end, so that no time is cut by the size of a chunk. */
    String unchunked(String request) {
        String old =
                request.replaceFirst(" HTTP/1.1\r\n", " HTTP/1.0\r\n").replaceFirst("(?i)accept-encoding:.*\r\n", "");
        return SINCE.matcher(old).replaceFirst(found -> {
            Instant since = Instant.parse(found.group(2).replace("%3A", ":"));
            return found.group(1) + since.minus(ahead).toString().replace(":", "%3A");
        });
    }

    String head(String answer) {
        return DATE.matcher(answer)
                .replaceFirst(found -> found.group(1)
                        + DateTimeFormatter.RFC_1123_DATE_TIME.format(
                                ZonedDateTime.parse(found.group(2).strip(), DateTimeFormatter.RFC_1123_DATE_TIME)
                                        .plus(ahead)));
    }

    InputStream body(InputStream from) {
        return new InputStream() {
            private InputStream ready = InputStream.nullInputStream();
            private String held = "";

            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
            }

            @Override
            public int read(byte[] into, int offset, int length) throws IOException {
                int n = ready.read(into, offset, length);
                byte[] buffer = new byte[16_384];
                while (n < 0) {
                    int more = from.read(buffer);
                    if (more < 0 && held.isEmpty()) {
                        return -1;
                    }
                    // One byte is one character, whatever the text's own encoding is.
                    String all = held + new String(buffer, 0, Math.max(0, more), StandardCharsets.ISO_8859_1);
                    var begun = BEGUN.matcher(all);
                    int end = more >= 0 && begun.find() ? begun.start() : all.length();
                    held = all.substring(end);
                    ready = new ByteArrayInputStream(TIME.matcher(all.substring(0, end))
                            .replaceAll(ShiftedTimes.this::shifted)
                            .getBytes(StandardCharsets.ISO_8859_1));
                    n = ready.read(into, offset, length);
                }
                return n;
            }
        };
    }

    private String shifted(MatchResult found) {
        return DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss")
                .format(LocalDateTime.parse(found.group())
                        .atOffset(ZoneOffset.UTC)
                        .plus(ahead));
    }
}
