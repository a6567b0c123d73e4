/** The pages and the API of applications. */
@NullMarked
package dev.slipway.web.applications;

import org.jspecify.annotations.NullMarked;
