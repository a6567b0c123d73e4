/** Planted violations of the architecture rules. */
@NullMarked
package dev.slipway.tests.architecture.violations.workflows.run;

import org.jspecify.annotations.NullMarked;
