/** Files around the code that nobody compiles, held to what they promise. */
@NullMarked
package dev.slipway.tests.house;

import org.jspecify.annotations.NullMarked;
