package dev.slipway.web.logs;

import dev.slipway.activities.kubernetes.log.Ansi;
import java.time.Instant;
import java.util.List;

/** A line of a stored log for a page: pieces of text with their styles, which the page writes as text. */
public record StoredLine(Instant at, List<Ansi.Span> spans) {
    public StoredLine(Instant at, String text) {
        this(at, Ansi.spans(text));
    }
}
