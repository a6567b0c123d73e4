/** What a Kubernetes API does, asserted alike on the simulated and on a real cluster. */
@NullMarked
package dev.slipway.tests.kubernetes;

import org.jspecify.annotations.NullMarked;
