/** What people do to a run while it goes on: answers, pauses, endings. */
@NullMarked
package dev.slipway.workflows.control;

import org.jspecify.annotations.NullMarked;
