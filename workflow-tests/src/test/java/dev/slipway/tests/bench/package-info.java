/** Benchmarks: figures beside their aims, never a pass or fail by time. */
@NullMarked
package dev.slipway.tests.bench;

import org.jspecify.annotations.NullMarked;
