/** The API as its clients meet it: its description, its tags, keys and limits, and what it makes of what it cannot understand. */
@NullMarked
package dev.slipway.tests.api;

import org.jspecify.annotations.NullMarked;
