/** The pages and the API of environments. */
@NullMarked
package dev.slipway.web.environments;

import org.jspecify.annotations.NullMarked;
