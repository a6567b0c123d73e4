package dev.slipway.web.live;

import java.util.Locale;
import java.util.Map;

/** What a page shows live. Called by one thread at a time. */
public interface Topic {
    /** Looks again. Whether there is something new since the last look, or since the last rendering time moved on. */
    boolean look();

    /** The parts as they are after the last look: event name -> HTML, in the order in which they are sent. */
    Map<String, String> render(Locale locale);

    /** Nothing will change any more: the stream ends after the next rendering. */
    boolean finished();
}
