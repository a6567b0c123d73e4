/** Planted violations of the architecture rules. */
@NullMarked
package dev.slipway.tests.architecture.violations.web;

import org.jspecify.annotations.NullMarked;
