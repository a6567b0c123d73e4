package dev.slipway.web.cli;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Starts a deploy; with {@code --follow}, tells it to its end. Ending the command does not end the run. */
@Command(name = "deploy")
final class DeployCommand implements Callable<Integer> {
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

    @Option(names = "--plan", paramLabel = "HASH", descriptionKey = "option.plan")
    private @Nullable String plan;

    @Option(names = "--on-conflict", paramLabel = "stop|take|leave", descriptionKey = "option.conflict")
    private @Nullable String onConflict;

    @Option(
            names = {"-f", "--follow"},
            descriptionKey = "option.follow")
    private boolean follow;

    @Option(names = "--on-failure", paramLabel = "ask|rollback|stop", descriptionKey = "option.failure")
    private @Nullable String onFailure;

    @Option(names = "--patience", paramLabel = "SECONDS", defaultValue = "120", descriptionKey = "option.patience")
    private int patience;

    @Override
    public Integer call() {
        SlipwayCommand here = java.util.Objects.requireNonNull(root);
        Api api = here.api();
        Screen screen = here.screen();
        Words words = here.words();
        ObjectNode wish = wish(here, components, dependencies, onConflict);
        if (plan != null) {
            wish.put("plan", plan);
        }
        if (onFailure != null) {
            wish.put("onFailure", onFailure);
        }
        JsonNode run = api.post(
                "/environments/" + Api.part(environment) + "/runs",
                wish,
                UUID.randomUUID().toString());
        String id = run.path("id").asString("");
        String page = api.page("/runs/" + Api.part(id));
        if (!follow) {
            here.show(run, one -> () -> {
                screen.line(words.text("deploy.started", one.path("number").asString(""), environment, id));
                screen.line(page);
            });
            return Exit.DONE;
        }
        if (!here.asJson()) {
            screen.line(words.text("deploy.started", run.path("number").asString(""), environment, id));
        }
        Thread left = new Thread(() -> screen.note(words.text("follow.left", id)), "left");
        Runtime.getRuntime().addShutdownHook(left);
        try {
            RunReport report = new RunReport(screen, words);
            JsonNode ended = here.watch(api, Duration.ofSeconds(patience))
                    .follow(id, here.asJson() ? screen::json : report::tell);
            return here.asJson() ? RunReport.exit(ended) : report.end(ended, page);
        } finally {
            try {
                Runtime.getRuntime().removeShutdownHook(left);
            } catch (IllegalStateException goingDown) {
                // Then it says so.
            }
        }
    }

    static ObjectNode wish(
            SlipwayCommand here, List<String> components, boolean dependencies, @Nullable String onConflict) {
        ObjectNode wish = here.json().createObjectNode().put("operation", "deploy");
        if (!components.isEmpty()) {
            components.forEach(wish.putArray("components")::add);
            wish.put("withDependencies", dependencies);
        }
        if (onConflict != null) {
            wish.put("onConflict", onConflict);
        }
        return wish;
    }
}
