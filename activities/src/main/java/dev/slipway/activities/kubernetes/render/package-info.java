/** What should exist on the cluster: pure functions from the document to Kubernetes objects, no client in sight. */
@NullMarked
package dev.slipway.activities.kubernetes.render;

import org.jspecify.annotations.NullMarked;
