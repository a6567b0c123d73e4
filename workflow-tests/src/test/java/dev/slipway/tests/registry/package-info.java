/** The embedded registry against the tools that people use. */
@NullMarked
package dev.slipway.tests.registry;

import org.jspecify.annotations.NullMarked;
