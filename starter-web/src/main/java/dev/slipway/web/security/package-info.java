/** Who may come in: the one-time link, the bearer token, the names Slipway answers to, and what browsers may load. */
@NullMarked
package dev.slipway.web.security;

import org.jspecify.annotations.NullMarked;
