/** The demo: a storefront whose source is a real git repository on this disk. */
@NullMarked
package dev.slipway.web.embedded.demo;

import org.jspecify.annotations.NullMarked;
