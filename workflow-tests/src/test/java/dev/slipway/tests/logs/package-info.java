/** What components say, read through the whole application. */
@NullMarked
package dev.slipway.tests.logs;

import org.jspecify.annotations.NullMarked;
