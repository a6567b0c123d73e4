/** The rules of the house, checked on the compiled classes; each rule is seen to find a planted violation. */
@NullMarked
package dev.slipway.tests.architecture;

import org.jspecify.annotations.NullMarked;
