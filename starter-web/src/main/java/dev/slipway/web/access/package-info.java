/** The one place that decides who may do what: pages, API, hooks and chat all ask {@link dev.slipway.web.access.Access}. */
@NullMarked
package dev.slipway.web.access;

import org.jspecify.annotations.NullMarked;
