/** Components and what they need of one another, as a picture: pure functions from data to coordinates. */
@NullMarked
package dev.slipway.web.environments.topology;

import org.jspecify.annotations.NullMarked;
