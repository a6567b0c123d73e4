/** Runs: the one door through which every operation starts, the page of a run, and its API. */
@NullMarked
package dev.slipway.web.runs;

import org.jspecify.annotations.NullMarked;
