package dev.slipway.web.problems;

import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;

/** Why a body of JSON is not what its address takes: the field and what is wrong with it, never a class of ours. */
final class UnreadableBody {
    private static final int SHOWN = 80;

    private UnreadableBody() {}

    /** Empty: it is not JSON that was read. */
    static Optional<Problem> of(Throwable caught) {
        for (Throwable e = caught; e != null; e = e.getCause()) {
            if (e instanceof JacksonException json) {
                return Optional.of(problem(json));
            }
        }
        return Optional.empty();
    }

    private static Problem problem(JacksonException json) {
        String field = path(json.getPath());
        if (json instanceof UnrecognizedPropertyException unknown) {
            return invalid(field, field + " is not known; there are " + names(unknown.getKnownPropertyIds()));
        }
        if (json instanceof MismatchedInputException other) {
            return invalid(field, (field.isEmpty() ? "the body" : field) + " has to be " + kind(other.getTargetType()));
        }
        TokenStreamLocation at = json.getLocation();
        String place = at == null || at.getLineNr() < 1
                ? ""
                : "line " + at.getLineNr() + ", column " + at.getColumnNr() + ": ";
        return invalid(field, place + line(json.getOriginalMessage()));
    }

    private static Problem invalid(String field, String reason) {
        return Problem.of(ProblemCode.REQUEST_INVALID, field, "reason", reason);
    }

    private static String path(List<JacksonException.Reference> references) {
        StringBuilder path = new StringBuilder();
        for (JacksonException.Reference reference : references) {
            String name = reference.getPropertyName();
            if (name == null) {
                path.append('[').append(reference.getIndex()).append(']');
            } else {
                path.append(path.isEmpty() ? "" : ".").append(line(name));
            }
        }
        return path.toString();
    }

    private static String names(Collection<Object> known) {
        return known.stream().map(String::valueOf).sorted().collect(Collectors.joining(", "));
    }

    private static String kind(Class<?> type) {
        if (type == null) {
            return "something else";
        }
        if (CharSequence.class.isAssignableFrom(type)) {
            return "text in quotes";
        }
        if (type == Boolean.class || type == boolean.class) {
            return "true or false";
        }
        if (Number.class.isAssignableFrom(type) || type.isPrimitive()) {
            return "a number";
        }
        if (Collection.class.isAssignableFrom(type)) {
            return "a list";
        }
        return Map.class.isAssignableFrom(type) || type.isRecord()
                ? "an object"
                : type.getSimpleName().toLowerCase(Locale.ROOT);
    }

    private static String line(String text) {
        String line = text == null ? "" : text.lines().findFirst().orElse("");
        int details = line.indexOf(" (");
        String cut = details > 0 ? line.substring(0, details) : line;
        return cut.length() <= SHOWN ? cut : cut.substring(0, SHOWN) + "…";
    }
}
