package dev.slipway.workflows.application;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A typed value that is asked for on install.
 *
 * @param defaultValue {@code null}: there is none
 * @param generate length of the generated value in characters; 0: not generated
 * @param options the allowed values of an {@code enum}; empty otherwise
 * @param pattern regular expression that a string must match; {@code null}: any
 */
public record Parameter(
        String name,
        Type type,
        @Nullable String title,
        @Nullable String description,
        @Nullable String defaultValue,
        int generate,
        List<String> options,
        @Nullable String pattern) {
    public enum Type {
        STRING,
        NUMBER,
        BOOLEAN,
        ENUM,
        SECRET,
        SIZE,
        HOST
    }

    public Parameter {
        options = List.copyOf(options);
    }
}
