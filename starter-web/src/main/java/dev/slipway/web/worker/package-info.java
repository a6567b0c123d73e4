/** The list of what runs where: task queue, workflows, activities; and the data converter of every payload. */
@NullMarked
package dev.slipway.web.worker;

import org.jspecify.annotations.NullMarked;
