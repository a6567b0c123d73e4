/** What goes out from Slipway to addresses that others chose: where to it may go, and how it is sent. */
@NullMarked
package dev.slipway.activities.outbound;

import org.jspecify.annotations.NullMarked;
