/** Commands from a chat, from the signed bytes to the run and its answer. */
@NullMarked
package dev.slipway.tests.chat;

import org.jspecify.annotations.NullMarked;
