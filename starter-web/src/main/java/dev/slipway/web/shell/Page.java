package dev.slipway.web.shell;

import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One page of a list over the API.
 *
 * @param next what to ask for with {@code after}; {@code null}: this is the last page
 */
public record Page<T>(List<T> items, @Nullable String next) {
    public static final int LARGEST = 200;

    public Page {
        items = List.copyOf(items);
    }

    /** @param some up to one more than the limit: the one more says that there is a next page */
    public static <S, T> Page<T> of(List<S> some, int limit, Function<S, String> cursor, Function<S, T> view) {
        List<S> shown = some.subList(0, Math.min(limit, some.size()));
        return new Page<>(
                shown.stream().map(view).toList(),
                some.size() > limit ? cursor.apply(shown.get(shown.size() - 1)) : null);
    }

    /** @throws ProblemException {@code SLP-REQUEST-INVALID} when it is not between 1 and {@value #LARGEST} */
    public static int limit(int asked) {
        if (asked < 1 || asked > LARGEST) {
            throw new ProblemException(
                    Problem.of(ProblemCode.REQUEST_INVALID, "limit", "reason", "limit has to be 1 to " + LARGEST));
        }
        return asked;
    }

    /**
     * @param fields name, value, name, value …
     * @throws ProblemException with one {@code SLP-REQUEST-INVALID} for each that is missing
     */
    public static void allRequired(@Nullable String... fields) {
        List<Problem> missing = new ArrayList<>();
        for (int i = 0; i < fields.length; i += 2) {
            String name = String.valueOf(fields[i]);
            String value = fields[i + 1];
            if (value == null || value.isBlank()) {
                missing.add(missing(name));
            }
        }
        if (!missing.isEmpty()) {
            throw new ProblemException(missing);
        }
    }

    private static Problem missing(String field) {
        return Problem.of(ProblemCode.REQUEST_INVALID, field, "reason", field + " is missing");
    }

    /** @throws ProblemException {@code SLP-REQUEST-INVALID} when a field is missing */
    public static String required(String field, @Nullable String value) {
        if (value == null || value.isBlank()) {
            throw new ProblemException(missing(field));
        }
        return value;
    }
}
