/** What an environment's lane promises, on a real engine. */
@NullMarked
package dev.slipway.tests.environment;

import org.jspecify.annotations.NullMarked;
