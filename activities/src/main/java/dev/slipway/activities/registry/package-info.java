/** OCI registries: reading, pushing and tagging images by the distribution protocol, bytes kept as they are. */
@NullMarked
package dev.slipway.activities.registry;

import org.jspecify.annotations.NullMarked;
