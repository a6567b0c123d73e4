/** Starting, crashing and starting again: the real application as a process. */
@NullMarked
package dev.slipway.tests.start;

import org.jspecify.annotations.NullMarked;
