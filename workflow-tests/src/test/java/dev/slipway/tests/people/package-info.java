/** People, roles, tokens, and the one place that decides. */
@NullMarked
package dev.slipway.tests.people;

import org.jspecify.annotations.NullMarked;
