/** What somebody should know of: what needs them, what they started, what they watch. */
@NullMarked
package dev.slipway.web.inbox;

import org.jspecify.annotations.NullMarked;
