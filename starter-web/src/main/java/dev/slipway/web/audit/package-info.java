/** Who did what: one place writes down every action and every refusal; a page, an export and a proof of it. */
@NullMarked
package dev.slipway.web.audit;

import org.jspecify.annotations.NullMarked;
