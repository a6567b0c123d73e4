/** Deploys, end to end: the demo in one process, the storefront on real engines, and what happens when something dies. */
@NullMarked
package dev.slipway.tests.deploy;

import org.jspecify.annotations.NullMarked;
