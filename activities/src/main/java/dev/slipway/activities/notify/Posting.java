package dev.slipway.activities.notify;

import java.net.URI;
import java.util.Map;

/** What is posted where. It holds credentials and prints none. */
record Posting(URI to, Map<String, String> headers, byte[] body) {
    @Override
    public String toString() {
        return "Posting[" + to.getHost() + "]";
    }
}
