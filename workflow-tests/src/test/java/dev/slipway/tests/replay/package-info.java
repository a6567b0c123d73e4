/** Histories of earlier versions, kept to prove that today's workflows can go on with them. */
@NullMarked
package dev.slipway.tests.replay;

import org.jspecify.annotations.NullMarked;
