package dev.slipway.workflows.problem;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One thing that went wrong, for a person: which code, where, and the facts that its texts need. What it says and what
 * to do about it are message bundle entries {@code <code>.what} and {@code <code>.fix}, rendered at the edge.
 *
 * @param code which kind of problem; its texts name every key of {@code arguments}
 * @param where the place in words of the matter, independent of language: {@code spec.components[2].ports[0].port,
 *     line 41} or {@code Deployment storefront-dev/orders}; empty when the code says it all
 * @param arguments facts for the texts; never a secret. What no store and no wire takes (control characters, halves of
 *     surrogate pairs: the last words of a program may be anything) is shown as U+FFFD
 * @param also other causes of the same failure, the more likely ones first: some pods of a component can't pull their
 *     image, others crash. None of them has others of its own
 */
public record Problem(
        ProblemCode code,
        String where,
        Map<String, String> arguments,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Problem> also) {
    /** Without others. */
    public Problem(ProblemCode code, String where, Map<String, String> arguments) {
        this(code, where, arguments, List.of());
    }

    public Problem {
        Objects.requireNonNull(code, "code");
        where = shown(where);
        // Sorted, so that equal problems look equal in every log and every history.
        TreeMap<String, String> sorted = new TreeMap<>();
        arguments.forEach((name, value) -> sorted.put(name, shown(value)));
        arguments = java.util.Collections.unmodifiableSortedMap(sorted);
        also = List.copyOf(also);
        if (also.stream().anyMatch(other -> !other.also().isEmpty())) {
            throw new IllegalArgumentException("a cause beside others has none of its own");
        }
    }

    /** What was written before problems could have others has no {@code also}. */
    @JsonCreator
    static Problem read(
            @JsonProperty("code") ProblemCode code,
            @JsonProperty("where") String where,
            @JsonProperty("arguments") Map<String, String> arguments,
            @JsonProperty("also") @Nullable List<Problem> also) {
        return new Problem(code, where, arguments, also == null ? List.of() : also);
    }

    /** The same problem as the most likely of several. */
    public Problem also(List<Problem> others) {
        return new Problem(code, where, arguments, others);
    }

    private static String shown(String text) {
        if (text.codePoints().noneMatch(Problem::unfit)) {
            return text;
        }
        StringBuilder shown = new StringBuilder(text.length());
        text.codePoints().forEach(c -> shown.appendCodePoint(unfit(c) ? 0xFFFD : c));
        return shown.toString();
    }

    private static boolean unfit(int c) {
        return (c < ' ' && c != '\n' && c != '\t' && c != '\r')
                || (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
    }

    /** A problem with alternating argument names and values. */
    public static Problem of(ProblemCode code, String where, String... namesAndValues) {
        if (namesAndValues.length % 2 != 0) {
            throw new IllegalArgumentException("names and values come in pairs");
        }
        TreeMap<String, String> arguments = new TreeMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            arguments.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return new Problem(code, where, arguments);
    }
}
