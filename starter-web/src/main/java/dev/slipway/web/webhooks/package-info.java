/** Who is told of runs: webhooks, states of commits, and what became of each message. */
@NullMarked
package dev.slipway.web.webhooks;

import org.jspecify.annotations.NullMarked;
