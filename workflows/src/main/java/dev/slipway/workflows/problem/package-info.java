/** What can go wrong, as data: the texts are made at the edge, in the reader's language. */
@NullMarked
package dev.slipway.workflows.problem;

import org.jspecify.annotations.NullMarked;
