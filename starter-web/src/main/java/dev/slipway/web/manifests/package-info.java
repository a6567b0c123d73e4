/** What Slipway applies to an environment, as YAML. */
@NullMarked
package dev.slipway.web.manifests;

import org.jspecify.annotations.NullMarked;
