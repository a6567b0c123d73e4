/** The Spring Boot application. */
@NullMarked
package dev.slipway.web;

import org.jspecify.annotations.NullMarked;
