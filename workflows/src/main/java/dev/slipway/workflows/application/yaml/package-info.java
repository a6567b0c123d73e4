/** Strict YAML 1.2: text to fields with their lines, where every problem is noted and none is thrown. */
@NullMarked
package dev.slipway.workflows.application.yaml;

import org.jspecify.annotations.NullMarked;
