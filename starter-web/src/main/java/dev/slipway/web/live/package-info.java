/** Event streams of pages: one watcher per subject, shared by all who look at it. */
@NullMarked
package dev.slipway.web.live;

import org.jspecify.annotations.NullMarked;
