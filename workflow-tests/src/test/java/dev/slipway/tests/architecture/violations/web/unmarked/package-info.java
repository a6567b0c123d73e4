/** A package that forgot to say that it is null-marked. */
package dev.slipway.tests.architecture.violations.web.unmarked;
