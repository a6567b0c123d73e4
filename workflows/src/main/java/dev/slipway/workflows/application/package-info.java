/** The document: an application, its components and how they depend on one another; strict YAML in and out. */
@NullMarked
package dev.slipway.workflows.application;

import org.jspecify.annotations.NullMarked;
