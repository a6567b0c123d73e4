/** Planted violations of the architecture rules. */
@NullMarked
package dev.slipway.tests.architecture.violations.web.util;

import org.jspecify.annotations.NullMarked;
