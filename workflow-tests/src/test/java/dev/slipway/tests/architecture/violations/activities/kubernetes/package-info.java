/** Planted violations of the architecture rules. */
@NullMarked
package dev.slipway.tests.architecture.violations.activities.kubernetes;

import org.jspecify.annotations.NullMarked;
