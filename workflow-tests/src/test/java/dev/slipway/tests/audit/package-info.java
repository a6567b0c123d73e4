/** The audit: what is written down, that nothing is missing, and that nobody changes it unnoticed. */
@NullMarked
package dev.slipway.tests.audit;

import org.jspecify.annotations.NullMarked;
