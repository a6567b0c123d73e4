/** A simulated Kubernetes API server with its controllers: manifests are really applied, pods are not run. */
@NullMarked
package dev.slipway.web.embedded.kubernetes;

import org.jspecify.annotations.NullMarked;
