/** Deploy: plan, build what is not built, apply and await in dependency order, prune, record the release. */
@NullMarked
package dev.slipway.workflows.deploy;

import org.jspecify.annotations.NullMarked;
