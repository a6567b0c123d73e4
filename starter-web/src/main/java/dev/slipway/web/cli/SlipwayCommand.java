package dev.slipway.web.cli;

import java.net.URI;
import java.time.Duration;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The root of the command line, and what its commands share. */
@Command(
        name = "slipway",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            DeployCommand.class,
            StatusCommand.class,
            RunsCommand.class,
            CancelCommand.class,
            AnswerCommand.class,
            LogsCommand.class,
            PlanCommand.class,
            AuditCommand.class,
            VersionCommand.class,
            HelpCommand.class
        })
public final class SlipwayCommand implements Runnable {
    /** The first words that ask for the command line, not for a server. */
    private static final Set<String> NAMES = Set.of(
            "deploy",
            "status",
            "runs",
            "cancel",
            "answer",
            "logs",
            "plan",
            "audit-verify",
            "version",
            "help",
            "--help",
            "-h",
            "--version",
            "--json",
            "--url");

    @Option(names = "--url", paramLabel = "ADDRESS", descriptionKey = "option.url", scope = ScopeType.INHERIT)
    private @Nullable String url;

    @Option(names = "--json", descriptionKey = "option.json", scope = ScopeType.INHERIT)
    private boolean asJson;

    private final Surroundings here;
    private final Words words;
    private final JsonMapper json = JsonMapper.builder().build();

    SlipwayCommand(Surroundings here) {
        this.here = here;
        this.words = new Words(here.locale());
    }

    /** Whether a program that is started so is meant to be the command line; {@code ops/slipway} says so by a property. */
    public static boolean isMeant(String[] arguments) {
        return Boolean.getBoolean("slipway.command")
                || arguments.length > 0 && (NAMES.contains(arguments[0]) || arguments[0].startsWith("--url="));
    }

    /** @return the exit code, one of {@link Exit} */
    public static int run(String[] arguments) {
        return run(arguments, Surroundings.ofThisProcess());
    }

    static int run(String[] arguments, Surroundings here) {
        SlipwayCommand root = new SlipwayCommand(here);
        CommandLine line = new CommandLine(root)
                .setResourceBundle(root.words.bundle())
                .setOut(new java.io.PrintWriter(here.out(), true))
                .setErr(new java.io.PrintWriter(here.err(), true))
                .setColorScheme(CommandLine.Help.defaultColorScheme(
                        here.colours() ? CommandLine.Help.Ansi.ON : CommandLine.Help.Ansi.OFF))
                .setUsageHelpWidth(100)
                .setExpandAtFiles(false)
                .setAllowOptionsAsOptionParameters(false)
                .setExecutionExceptionHandler(root.handler())
                .setParameterExceptionHandler((wrong, given) -> root.usage(wrong));
        if (arguments.length == 1 && Set.of("--help", "-h").contains(arguments[0])) {
            return line.execute("help");
        }
        if (arguments.length == 1 && arguments[0].equals("--version")) {
            return line.execute("version");
        }
        return line.execute(arguments);
    }

    private IExecutionExceptionHandler handler() {
        return (failure, line, parsed) -> {
            if (failure instanceof Stop stop) {
                return told(stop);
            }
            screen().error(words.text("unexpected", failure.toString()));
            return Exit.FAILED;
        };
    }

    private int told(Stop stop) {
        Screen screen = screen();
        JsonNode problem = stop.problem();
        if (asJson) {
            screen.errorJson(problem == null ? json.createObjectNode().put("what", stop.getMessage()) : problem);
        } else if (problem != null) {
            screen.problem(problem);
        } else if (stop.getMessage() != null && !stop.getMessage().isEmpty()) {
            screen.error(stop.getMessage());
        }
        return stop.exit();
    }

    private int usage(ParameterException wrong) {
        Screen screen = screen();
        String what = wrong.getMessage();
        screen.error(what == null ? wrong.toString() : what);
        screen.note(words.text(
                "usage.see",
                wrong.getCommandLine().getCommandName().equals("slipway")
                        ? "slipway help"
                        : "slipway help " + wrong.getCommandLine().getCommandName()));
        return Exit.USAGE;
    }

    /** Without a command: what there is. */
    @Override
    public void run() {
        throw new Stop(Exit.USAGE, words.text("usage.see", "slipway help"));
    }

    Words words() {
        return words;
    }

    JsonMapper json() {
        return json;
    }

    boolean asJson() {
        return asJson;
    }

    Screen screen() {
        return new Screen(here.out(), here.err(), here.colours(), json);
    }

    Api api() {
        URI address = Credentials.address(url, here, words);
        return new Api(address, Credentials.token(here, words), words, screen(), json);
    }

    RunWatch watch(Api api, Duration patience) {
        return new RunWatch(api, screen(), words, json, patience);
    }

    /** Prints the document as it is, or what people read of it. */
    void show(JsonNode document, Function<JsonNode, Runnable> forPeople) {
        if (asJson) {
            screen().json(document);
        } else {
            forPeople.apply(document).run();
        }
    }
}
