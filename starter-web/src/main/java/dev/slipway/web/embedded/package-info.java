/** What makes one command enough: the data folder and the engines that run when none is configured. */
@NullMarked
package dev.slipway.web.embedded;

import org.jspecify.annotations.NullMarked;
