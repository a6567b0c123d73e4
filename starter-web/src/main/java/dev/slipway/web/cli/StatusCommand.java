package dev.slipway.web.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/** How an environment is, component by component; without a name, all of them in a line each. */
@Command(name = "status")
final class StatusCommand implements Callable<Integer> {
    @ParentCommand
    private @Nullable SlipwayCommand root;

    @Parameters(index = "0", arity = "0..1", paramLabel = "ENV", descriptionKey = "parameter.environment.all")
    private @Nullable String environment;

    @Override
    public Integer call() {
        SlipwayCommand here = Objects.requireNonNull(root);
        Api api = here.api();
        if (environment != null) {
            JsonNode one = api.get("/environments/" + Api.part(environment));
            here.show(one, view -> () -> print(view, here.screen(), here.words()));
            return Exit.DONE;
        }
        ArrayNode all = here.json().createArrayNode();
        String after = "";
        do {
            JsonNode page = api.get("/environments?limit=200" + (after.isEmpty() ? "" : "&after=" + Api.part(after)));
            page.path("items").forEach(all::add);
            after = page.path("next").asString("");
        } while (!after.isEmpty());
        here.show(all, list -> () -> rows(list, here.screen(), here.words()));
        return Exit.DONE;
    }

    private static void rows(JsonNode all, Screen screen, Words words) {
        if (all.isEmpty()) {
            screen.line(words.text("status.none"));
            return;
        }
        List<List<String>> rows = new ArrayList<>();
        all.forEach(one -> rows.add(List.of(
                one.path("name").asString(""),
                words.word("state", one.path("state").asString("")),
                release(one, words),
                one.path("application").asString(""),
                cluster(one, words))));
        screen.table(rows);
    }

    private static void print(JsonNode one, Screen screen, Words words) {
        String state = one.path("state").asString("");
        screen.line(
                state,
                words.word("state", state),
                0,
                " " + one.path("name").asString("") + "  " + release(one, words) + "  " + cluster(one, words));
        List<List<String>> rows = new ArrayList<>();
        one.path("components")
                .forEach(component -> rows.add(List.of(
                        "  " + component.path("name").asString(""),
                        words.word("state", component.path("state").asString("")),
                        component.path("ready").asInt(0) + "/"
                                + component.path("wanted").asInt(0),
                        source(component),
                        component.path("reason").asString(""))));
        screen.table(rows);
    }

    private static String release(JsonNode one, Words words) {
        return one.path("release").isNumber()
                ? words.text("status.release", Long.toString(one.path("release").asLong()))
                : words.word("state", "new");
    }

    private static String cluster(JsonNode one, Words words) {
        String name = one.path("cluster").asString("");
        return one.path("simulated").asBoolean(false) ? words.text("status.simulated", name) : name;
    }

    private static String source(JsonNode component) {
        String commit = component.path("commit").asString("");
        String ref = component.path("ref").asString("");
        if (!commit.isEmpty()) {
            return (ref.isEmpty() ? "" : ref + " ") + commit.substring(0, Math.min(7, commit.length()));
        }
        String image = component.path("image").asString("");
        String name = image.substring(image.lastIndexOf('/') + 1);
        int digest = name.indexOf("@sha256:");
        return digest < 0 ? name : name.substring(0, Math.min(name.length(), digest + 15));
    }
}
