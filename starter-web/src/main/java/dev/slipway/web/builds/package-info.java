/** The builds: a list of them, each with its log. */
@NullMarked
package dev.slipway.web.builds;

import org.jspecify.annotations.NullMarked;
