/** What every operation shares: request, plan, steps, their graph, progress, outcome. */
@NullMarked
package dev.slipway.workflows.run;

import org.jspecify.annotations.NullMarked;
