/** What keeps others out and secrets in: master keys, TLS, the guards before all routes, and planted secrets. */
@NullMarked
package dev.slipway.tests.locks;

import org.jspecify.annotations.NullMarked;
