/** Problems at the edge: their texts in the reader's language, as problem+json, as a page, and on the console at start. */
@NullMarked
package dev.slipway.web.problems;

import org.jspecify.annotations.NullMarked;
