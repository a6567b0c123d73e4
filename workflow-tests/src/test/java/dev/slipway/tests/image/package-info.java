/** Images composed from git trees, pushed to the embedded registry. */
@NullMarked
package dev.slipway.tests.image;

import org.jspecify.annotations.NullMarked;
