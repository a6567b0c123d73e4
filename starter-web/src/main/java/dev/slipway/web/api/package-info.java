/** What all of the API has in common: its description, tags of documents, keys of repeated requests, how often one may ask. */
@NullMarked
package dev.slipway.web.api;

import org.jspecify.annotations.NullMarked;
