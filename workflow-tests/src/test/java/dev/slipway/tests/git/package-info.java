/** Private repositories over https and ssh, served by git itself. */
@NullMarked
package dev.slipway.tests.git;

import org.jspecify.annotations.NullMarked;
