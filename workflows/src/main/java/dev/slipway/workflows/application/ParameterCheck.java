package dev.slipway.workflows.application;

import static dev.slipway.workflows.problem.ProblemCode.*;

import dev.slipway.workflows.application.yaml.Notes;
import dev.slipway.workflows.application.yaml.Words;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** What is wrong with the parameters of an application, and which values one takes. */
final class ParameterCheck {
    private final Remarks remarks;
    private final Notes notes;

    ParameterCheck(Remarks remarks) {
        this.remarks = remarks;
        this.notes = remarks.notes();
    }

    void parameter(String path, Parameter parameter) {
        remarks.name(
                path + ".name", parameter.name(), Formats.PARAMETER_NAME, Formats.PARAMETER_NAME_LENGTH, "dbPassword");
        boolean secret = parameter.type() == Parameter.Type.SECRET;
        boolean choice = parameter.type() == Parameter.Type.ENUM;
        String type = "type: " + Words.word(parameter.type());
        if (choice && parameter.options().isEmpty()) {
            notes.note(DOC_MISSING, path + ".options", "field", "options", "example", "[small, large]");
        }
        remarks.conflictIf(!choice && !parameter.options().isEmpty(), path + ".options", "options", type);
        remarks.conflictIf(
                parameter.generate() != 0 && !secret && parameter.type() != Parameter.Type.STRING,
                path + ".generate",
                "generate",
                type);
        remarks.conflictIf(secret && parameter.defaultValue() != null, path + ".default", "default", type);
        remarks.conflictIf(
                parameter.generate() != 0 && parameter.defaultValue() != null,
                path + ".generate",
                "generate",
                "default");
        if (parameter.pattern() != null && !isPattern(parameter.pattern())) {
            remarks.value(path + ".pattern", parameter.pattern(), "[a-z]+");
        }
        String given = parameter.defaultValue();
        if (given != null && !accepts(parameter, given)) {
            remarks.value(path + ".default", given, allowed(parameter));
        }
    }

    private static boolean isPattern(String pattern) {
        try {
            // Short, because the compiler recurses on nested groups.
            return pattern.length() <= 200 && Pattern.compile(pattern) != null;
        } catch (PatternSyntaxException e) {
            return false;
        }
    }

    /** Whether a value is of the parameter's type; its pattern is left to where the value is used. */
    static boolean accepts(Parameter parameter, String value) {
        return switch (parameter.type()) {
            case STRING, SECRET -> true;
            case NUMBER -> value.matches("-?[0-9]{1,18}([.][0-9]{1,18})?");
            case BOOLEAN -> value.equals("true") || value.equals("false");
            case ENUM -> parameter.options().isEmpty() || parameter.options().contains(value);
            case SIZE -> Formats.size(value).isPresent();
            case HOST -> Formats.isHost(value);
        };
    }

    /** The values a parameter takes, as shown to people. */
    static String allowed(Parameter parameter) {
        return switch (parameter.type()) {
            case STRING, SECRET -> "…";
            case NUMBER -> "-1 | 0 | 2.5";
            case BOOLEAN -> "true | false";
            case ENUM -> Words.list(parameter.options());
            case SIZE -> "128Mi | 1Gi";
            case HOST -> "orders.example";
        };
    }
}
