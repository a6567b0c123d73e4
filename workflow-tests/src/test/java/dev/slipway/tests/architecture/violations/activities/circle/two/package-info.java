/** Planted violations of the architecture rules. */
@NullMarked
package dev.slipway.tests.architecture.violations.activities.circle.two;

import org.jspecify.annotations.NullMarked;
