package dev.slipway.web.problems;

import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import java.io.PrintStream;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.flywaydb.core.api.FlywayException;
import org.springframework.boot.SpringBootExceptionReporter;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.UnboundConfigurationPropertiesException;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.core.Ordered;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.Order;

/**
 * Tells on the console why Slipway did not start: what, where, fix, and no stack trace. Registered in {@code spring.factories};
 * a failure it does not know is left to Spring's own reporters.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
public final class StartProblems implements SpringBootExceptionReporter {
    private final ProblemTexts texts = new ProblemTexts();
    private final PrintStream console;

    public StartProblems() {
        this(System.err);
    }

    StartProblems(PrintStream console) {
        this.console = console;
    }

    @Override
    public boolean reportException(Throwable failure) {
        Optional<List<Problem>> problems = known(failure);
        problems.ifPresent(known -> texts.texts(known, Locale.getDefault()).forEach(this::print));
        return problems.isPresent();
    }

    private void print(ProblemText text) {
        console.println();
        console.println("Slipway did not start: " + text.code());
        console.println("  what   " + text.what());
        if (!text.where().isEmpty()) {
            console.println("  where  " + text.where());
        }
        console.println("  fix    " + text.fix());
    }

    static Optional<List<Problem>> known(Throwable failure) {
        // The innermost cause knows best: the exact key, the database's own words.
        Optional<List<Problem>> inner = Optional.empty();
        for (Throwable e = failure; e != null; e = e.getCause()) {
            if (e instanceof ProblemException problems) {
                return Optional.of(problems.problems());
            }
            Optional<Problem> told = told(e);
            if (told.isPresent()) {
                inner = told.map(List::of);
            }
        }
        return inner;
    }

    private static Optional<Problem> told(Throwable e) {
        if (e instanceof UnboundConfigurationPropertiesException unbound) {
            var property = unbound.getUnboundProperties().iterator().next();
            return Optional.of(Problem.of(
                    ProblemCode.START_SETTING,
                    property.getName().toString(),
                    "value",
                    "",
                    "expected",
                    "a setting that exists"));
        }
        if (e instanceof BindException bind) {
            return Optional.of(Problem.of(
                    ProblemCode.START_SETTING,
                    bind.getName().toString(),
                    "value",
                    bind.getProperty() == null
                            ? ""
                            : String.valueOf(bind.getProperty().getValue()),
                    "expected",
                    expected(bind.getTarget().getType())));
        }
        if (e instanceof PortInUseException port) {
            return Optional.of(Problem.of(
                    ProblemCode.START_PORT_IN_USE,
                    "",
                    "port",
                    Integer.toString(port.getPort()),
                    "setting",
                    "slipway.port"));
        }
        if (e instanceof SQLException || e instanceof FlywayException) {
            return Optional.of(Problem.of(
                    ProblemCode.START_DATABASE,
                    "slipway.database",
                    "reason",
                    String.valueOf(e.getMessage()).lines().findFirst().orElse("")));
        }
        return Optional.empty();
    }

    private static String expected(ResolvableType target) {
        ResolvableType element = target.hasGenerics() ? target.getGeneric(0) : target;
        Class<?> type = element.resolve(Object.class);
        if (type.isEnum()) {
            return Arrays.stream(type.getEnumConstants())
                    .map(constant -> constant.toString().toLowerCase(Locale.ROOT))
                    .collect(Collectors.joining(", "));
        }
        if (type == int.class) {
            return "a number";
        }
        return type == boolean.class ? "true or false" : type.getSimpleName();
    }
}
