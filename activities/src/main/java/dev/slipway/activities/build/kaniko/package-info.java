/** Building a Dockerfile by a Kaniko Job in a cluster. */
@NullMarked
package dev.slipway.activities.build.kaniko;

import org.jspecify.annotations.NullMarked;
