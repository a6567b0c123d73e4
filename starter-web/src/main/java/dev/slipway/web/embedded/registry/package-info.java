/** Slipway's own OCI registry: a distribution server over one folder, on its own port, for when no registry is configured. */
@NullMarked
package dev.slipway.web.embedded.registry;

import org.jspecify.annotations.NullMarked;
