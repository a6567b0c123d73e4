package dev.slipway.web.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What the command finds where it is called.
 *
 * @param colours whether somebody looks at a terminal
 */
record Surroundings(Map<String, String> environment, Path home, PrintStream out, PrintStream err, boolean colours) {
    Surroundings {
        environment = Map.copyOf(environment);
    }

    static Surroundings ofThisProcess() {
        Map<String, String> environment = System.getenv();
        boolean wanted = environment.getOrDefault("NO_COLOR", "").isEmpty()
                && !environment.getOrDefault("TERM", "dumb").equals("dumb");
        return new Surroundings(
                environment,
                Path.of(System.getProperty("user.home")),
                utf8(FileDescriptor.out),
                utf8(FileDescriptor.err),
                // A shell can tell; before Java 22 a console is there only where somebody looks at it.
                wanted
                        && (Boolean.getBoolean("slipway.terminal")
                                || Runtime.version().feature() < 22 && System.console() != null));
    }

    private static PrintStream utf8(FileDescriptor descriptor) {
        return new PrintStream(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
    }

    /** Empty where it is not set. */
    String variable(String name) {
        return environment.getOrDefault(name, "").strip();
    }

    /** Of {@code LC_ALL}, {@code LC_MESSAGES}, {@code LANG} the first that is set, as everywhere on a command line. */
    Locale locale() {
        return Stream.of("LC_ALL", "LC_MESSAGES", "LANG")
                .map(this::variable)
                .filter(value -> !value.isEmpty())
                .findFirst()
                .filter(value -> value.startsWith("zh"))
                .map(value -> Locale.SIMPLIFIED_CHINESE)
                .orElse(Locale.ENGLISH);
    }

    /** Where the files {@code token} and {@code url} are looked for. */
    Path folder() {
        String config = variable("XDG_CONFIG_HOME");
        return (config.isEmpty() ? home.resolve(".config") : Path.of(config)).resolve("slipway");
    }
}
