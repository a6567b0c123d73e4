package dev.slipway.web.cli;

import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import tools.jackson.databind.JsonNode;

/** What a deploy would do; nothing is changed. */
@Command(name = "plan")
final class PlanCommand implements Callable<Integer> {
    private static final int ACTION_WIDTH = 10;

    @ParentCommand
    private @Nullable SlipwayCommand root;

    @Parameters(index = "0", paramLabel = "ENV", descriptionKey = "parameter.environment")
    private String environment = "";

    @Option(
            names = {"-c", "--component"},
            paramLabel = "NAME",
            descriptionKey = "option.component")
    private List<String> components = List.of();

    @Option(names = "--with-dependencies", descriptionKey = "option.dependencies")
    private boolean dependencies;

    @Option(names = "--on-conflict", paramLabel = "stop|take|leave", descriptionKey = "option.conflict")
    private @Nullable String onConflict;

    @Override
    public Integer call() {
        SlipwayCommand here = Objects.requireNonNull(root);
        JsonNode plan = here.api()
                .post(
                        "/environments/" + Api.part(environment) + "/plans",
                        DeployCommand.wish(here, components, dependencies, onConflict),
                        UUID.randomUUID().toString());
        here.show(plan, one -> () -> print(one, here.screen(), here.words()));
        return plan.path("refused").asBoolean(false) ? Exit.FAILED : Exit.DONE;
    }

    private void print(JsonNode plan, Screen screen, Words words) {
        for (JsonNode item : plan.path("items")) {
            String action = item.path("action").asString("");
            screen.line(
                    action,
                    words.word("action", action),
                    ACTION_WIDTH,
                    item.path("subject").asString(""));
            for (JsonNode field : item.path("fields")) {
                screen.line("    " + field.path("path").asString("") + ": "
                        + field.path("from").asString("–") + " → "
                        + field.path("to").asString("–"));
            }
            for (JsonNode conflict : item.path("conflicts")) {
                screen.line("    "
                        + words.text(
                                "plan.conflict",
                                conflict.path("field").asString(""),
                                conflict.path("manager").asString(""),
                                conflict.path("theirs").asString("–"),
                                conflict.path("ours").asString("–")));
            }
        }
        if (plan.path("unchanged").asBoolean(false)) {
            screen.line(words.text("plan.unchanged"));
        }
        if (plan.path("refused").asBoolean(false)) {
            screen.note(words.text("plan.refused"));
        }
        screen.line(words.text("plan.hash", plan.path("hash").asString("")));
    }
}
