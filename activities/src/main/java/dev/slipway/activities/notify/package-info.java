/** Tells others what happened: webhooks, states of commits, answers in a chat; all through one outbox. */
@NullMarked
package dev.slipway.activities.notify;

import org.jspecify.annotations.NullMarked;
