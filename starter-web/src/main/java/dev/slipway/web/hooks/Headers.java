package dev.slipway.web.hooks;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The headers of a request; names in any case. */
@FunctionalInterface
interface Headers {
    @Nullable
    String find(String name);

    /** Empty: there is none. */
    default String get(String name) {
        String value = find(name);
        return value == null ? "" : value.strip();
    }

    /** The first of these that is there; empty: none is. */
    default String first(List<String> names) {
        return names.stream()
                .map(this::get)
                .filter(value -> !value.isEmpty())
                .findFirst()
                .orElse("");
    }
}
