package dev.slipway.activities.detect;

import java.util.List;
import java.util.stream.Stream;

/** One list after another. */
final class Lists {
    private Lists() {}

    static <T> List<T> both(List<T> first, List<T> second) {
        return Stream.concat(first.stream(), second.stream()).distinct().toList();
    }
}
