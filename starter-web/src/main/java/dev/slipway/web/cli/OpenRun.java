package dev.slipway.web.cli;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** The run that is meant: by its id, or the one open run of an environment. */
final class OpenRun {
    private OpenRun() {}

    /** @throws Stop when there is none, or more than one */
    static String of(String target, Api api, Words words) {
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
