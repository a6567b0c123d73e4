package dev.slipway.web.cli;

import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import tools.jackson.databind.JsonNode;

/** Ends a run: by its id, or the one open run of an environment. */
@Command(name = "cancel")
final class CancelCommand implements Callable<Integer> {
    @ParentCommand
    private @Nullable SlipwayCommand root;

    @Parameters(index = "0", paramLabel = "RUN|ENV", descriptionKey = "parameter.run")
    private String target = "";

    @Override
    public Integer call() {
        SlipwayCommand here = Objects.requireNonNull(root);
        Api api = here.api();
        String id = OpenRun.of(target, api, here.words());
        JsonNode run = api.post(
                "/runs/" + Api.part(id) + "/cancel", null, UUID.randomUUID().toString());
        here.show(run, one -> () -> here.screen().line(here.words().text("cancel.done", id)));
        return Exit.DONE;
    }
}
