package dev.slipway.web.cli;

import java.util.ArrayList;
import java.util.List;
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
        String id = find(api, here.words());
        JsonNode run = api.post(
                "/runs/" + Api.part(id) + "/cancel", null, UUID.randomUUID().toString());
        here.show(run, one -> () -> here.screen().line(here.words().text("cancel.done", id)));
        return Exit.DONE;
    }

    private String find(Api api, Words words) {
        try {
            return api.get("/runs/" + Api.part(target)).path("id").asString("");
        } catch (Stop stop) {
            if (stop.exit() != Exit.REFUSED) {
                throw stop;
            }
        }
        List<String> open = new ArrayList<>();
        for (JsonNode run :
                api.get("/runs?limit=200&environment=" + Api.part(target)).path("items")) {
            if (!run.path("outcome").isString()) {
                open.add(run.path("id").asString(""));
            }
        }
        if (open.isEmpty()) {
            throw new Stop(Exit.REFUSED, words.text("cancel.none", target));
        }
        if (open.size() > 1) {
            throw new Stop(Exit.USAGE, words.text("cancel.several", target, String.join(", ", open)));
        }
        return open.get(0);
    }
}
