package dev.slipway.web.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import tools.jackson.databind.JsonNode;

/** The newest runs, of an environment or of all. */
@Command(name = "runs")
final class RunsCommand implements Callable<Integer> {
    @ParentCommand
    private @Nullable SlipwayCommand root;

    @Parameters(index = "0", arity = "0..1", paramLabel = "ENV", descriptionKey = "parameter.environment.all")
    private @Nullable String environment;

    @Option(
            names = {"-n", "--limit"},
            paramLabel = "N",
            defaultValue = "20",
            descriptionKey = "option.limit")
    private int limit;

    @Override
    public Integer call() {
        SlipwayCommand here = Objects.requireNonNull(root);
        JsonNode runs = here.api()
                .get("/runs?limit=" + Math.max(1, Math.min(200, limit))
                        + (environment == null ? "" : "&environment=" + Api.part(environment)))
                .path("items");
        here.show(runs, list -> () -> print(list, here.screen(), here.words()));
        return Exit.DONE;
    }

    private static void print(JsonNode runs, Screen screen, Words words) {
        if (runs.isEmpty()) {
            screen.line(words.text("runs.none"));
            return;
        }
        List<List<String>> rows = new ArrayList<>();
        runs.forEach(run -> rows.add(List.of(
                run.path("id").asString(""),
                run.path("environment").asString("") + " #" + run.path("number").asLong(0),
                words.word("operation", run.path("operation").asString("")),
                words.word(
                        "state",
                        run.path("outcome").isString()
                                ? run.path("outcome").asString("")
                                : run.path("state").asString("")),
                run.path("acceptedAt").asString(""),
                run.path("actor").asString(""))));
        screen.table(rows);
    }
}
