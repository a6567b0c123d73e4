package dev.slipway.web.shell;

import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One page of a list over the API.
 *
 * @param next what to ask for with {@code after}; {@code null}: this is the last page
 */
public record Page<T>(List<T> items, @Nullable String next) {
    private static final int LARGEST = 200;

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

    /** Between 1 and 200, whatever was asked for. */
    public static int limit(int asked) {
        return Math.max(1, Math.min(LARGEST, asked));
    }

    /** @throws ProblemException {@code SLP-REQUEST-INVALID} when a field is missing */
    public static String required(String field, @Nullable String value) {
        if (value == null || value.isBlank()) {
            throw new ProblemException(Problem.of(ProblemCode.REQUEST_INVALID, field, "reason", field + " is missing"));
        }
        return value;
    }
}
