/** Runs and their lane through the one door, in the whole application. */
@NullMarked
package dev.slipway.tests.run;

import org.jspecify.annotations.NullMarked;
