/** What scenario and browser tests stand on: the running application as a process of its own. */
@NullMarked
package dev.slipway.tests.support;

import org.jspecify.annotations.NullMarked;
