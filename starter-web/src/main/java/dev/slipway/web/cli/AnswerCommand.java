package dev.slipway.web.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Answers a question of a run: of its id, or of the one open run of an environment. */
@Command(name = "answer")
final class AnswerCommand implements Callable<Integer> {
    @ParentCommand
    private @Nullable SlipwayCommand root;

    @Parameters(index = "0", paramLabel = "RUN|ENV", descriptionKey = "parameter.run")
    private String target = "";

    @Parameters(index = "1", paramLabel = "CHOICE", descriptionKey = "parameter.choice")
    private String choice = "";

    @Option(names = "--question", paramLabel = "ID", descriptionKey = "option.question")
    private @Nullable String question;

    @Option(names = "--reason", paramLabel = "TEXT", descriptionKey = "option.reason")
    private @Nullable String reason;

    @Option(names = "--set", paramLabel = "FIELD=VALUE", descriptionKey = "option.set")
    private Map<String, String> inputs = new LinkedHashMap<>();

    @Override
    public Integer call() {
        SlipwayCommand here = Objects.requireNonNull(root);
        Api api = here.api();
        String id = OpenRun.of(target, api, here.words());
        ObjectNode answer = here.json().createObjectNode().put("choice", choice);
        if (question != null) {
            answer.put("question", question);
        }
        if (reason != null) {
            answer.put("reason", reason);
        }
        if (!inputs.isEmpty()) {
            ObjectNode fields = answer.putObject("inputs");
            inputs.forEach(fields::put);
        }
        JsonNode run = api.post(
                "/runs/" + Api.part(id) + "/answers", answer, UUID.randomUUID().toString());
        here.show(run, one -> () -> here.screen().line(here.words().text("answer.done", id, choice)));
        return Exit.DONE;
    }
}
