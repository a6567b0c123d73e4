/** Git by JGit: resolves refs, mirrors repositories, and reads trees from the object database without a checkout. */
@NullMarked
package dev.slipway.activities.git;

import org.jspecify.annotations.NullMarked;
