/** The command line {@code slipway}: speaks only the API, and starts without Spring. */
@NullMarked
package dev.slipway.web.cli;

import org.jspecify.annotations.NullMarked;
