package dev.slipway.activities.image;

/** Follows a composition. Called by several threads, one after the other. */
public interface ComposeListener {
    /** A line for the build's log. */
    void line(String text);

    /** Bytes pushed so far over all blobs that had to be pushed; never less than told before. */
    void pushed(long bytes);
}
