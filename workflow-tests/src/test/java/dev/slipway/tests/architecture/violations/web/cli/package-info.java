@NullMarked
package dev.slipway.tests.architecture.violations.web.cli;

import org.jspecify.annotations.NullMarked;
