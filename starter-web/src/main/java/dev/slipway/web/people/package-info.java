/** People and services: who is there, which roles they have, their tokens and sessions; and everybody's own account. */
@NullMarked
package dev.slipway.web.people;

import org.jspecify.annotations.NullMarked;
