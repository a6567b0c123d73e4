/** Composing images from a base and layers made straight from git trees, without running anything of the repository. */
@NullMarked
package dev.slipway.activities.image;

import org.jspecify.annotations.NullMarked;
