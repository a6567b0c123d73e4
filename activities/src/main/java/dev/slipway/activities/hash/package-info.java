/** What tells texts and bytes apart. */
@NullMarked
package dev.slipway.activities.hash;

import org.jspecify.annotations.NullMarked;
