/** The log of a component: its page, its stream, its text. */
@NullMarked
package dev.slipway.web.logs;

import org.jspecify.annotations.NullMarked;
