/** What every page has: language, words, the rail, what is said about this installation. */
@NullMarked
package dev.slipway.web.shell;

import org.jspecify.annotations.NullMarked;
