/** The command line as a process of its own. */
@NullMarked
package dev.slipway.tests.cli;

import org.jspecify.annotations.NullMarked;
