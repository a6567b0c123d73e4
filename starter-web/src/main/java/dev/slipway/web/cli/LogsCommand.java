package dev.slipway.web.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import tools.jackson.databind.JsonNode;

/** What a component's containers say, or what the steps of a run said. */
@Command(name = "logs")
final class LogsCommand implements Callable<Integer> {
    private static final Duration SILENCE = Duration.ofSeconds(60);
    private static final Duration PERIOD = Duration.ofSeconds(1);

    @ParentCommand
    private @Nullable SlipwayCommand root;

    @Parameters(index = "0", paramLabel = "RUN|ENV", descriptionKey = "parameter.log")
    private String target = "";

    @Parameters(index = "1", arity = "0..1", paramLabel = "COMPONENT", descriptionKey = "parameter.component")
    private @Nullable String component;

    @Option(
            names = {"-f", "--follow"},
            descriptionKey = "option.follow")
    private boolean follow;

    @Option(names = "--since", paramLabel = "10m", defaultValue = "", descriptionKey = "option.since")
    private String since = "";

    @Option(names = "--tail", paramLabel = "N", defaultValue = "0", descriptionKey = "option.tail")
    private int tail;

    @Option(names = "--pod", paramLabel = "NAME", defaultValue = "", descriptionKey = "option.pod")
    private String pod = "";

    @Option(names = "--previous", descriptionKey = "option.previous")
    private boolean previous;

    @Option(names = "--step", paramLabel = "ID", defaultValue = "", descriptionKey = "option.step")
    private String step = "";

    @Option(names = "--patience", paramLabel = "SECONDS", defaultValue = "120", descriptionKey = "option.patience")
    private int patience;

    @Override
    public Integer call() {
        SlipwayCommand here = Objects.requireNonNull(root);
        Api api = here.api();
        return component == null ? ofRun(here, api) : ofComponent(here, api, component);
    }

    private int ofRun(SlipwayCommand here, Api api) {
        String run = "/runs/" + Api.part(target);
        long after = 0;
        while (true) {
            // Asked before the lines are read: what is written before the end is read after it.
            boolean over = !follow || api.get(run).path("outcome").isString();
            JsonNode page;
            do {
                page = api.get(run + "/log?limit=200&after=" + after + "&step=" + Api.part(step));
                for (JsonNode line : page.path("items")) {
                    after = line.path("id").asLong(after);
                    if (here.asJson()) {
                        here.screen().json(line);
                    } else {
                        here.screen()
                                .line(line.path("stepId").asString("") + "  "
                                        + line.path("text").asString(""));
                    }
                }
            } while (page.path("next").isString());
            if (over) {
                return Exit.DONE;
            }
            Api.pause(PERIOD);
        }
    }

    /** A stream that breaks, or reaches its limit of half an hour, is opened again at the time of the last line. */
    private int ofComponent(SlipwayCommand here, Api api, String name) {
        String path = "/environments/" + Api.part(target) + "/components/" + Api.part(name) + "/log?follow=" + follow
                + "&previous=" + previous + "&pod=" + Api.part(pod);
        Set<String> atLast = new HashSet<>();
        String last = "";
        long heard = System.nanoTime();
        while (true) {
            String from = last.isEmpty() ? since : last;
            IOException failure = null;
            try (StreamLines lines = new StreamLines(api.open(
                    path + "&since=" + Api.part(from) + (last.isEmpty() ? "&tail=" + Math.max(0, tail) : ""),
                    "text/plain, application/problem+json",
                    Map.of()))) {
                for (String line = lines.next(SILENCE); line != null; line = lines.next(SILENCE)) {
                    heard = System.nanoTime();
                    if (line.isEmpty()) {
                        continue;
                    }
                    String at = time(line);
                    if (at.equals(last) && !atLast.add(line)) {
                        continue;
                    }
                    if (!at.isEmpty() && !at.equals(last)) {
                        last = at;
                        atLast.clear();
                        atLast.add(line);
                    }
                    print(here, line);
                }
                if (!follow) {
                    return Exit.DONE;
                }
            } catch (IOException broken) {
                failure = broken;
            }
            if (failure != null
                    && (!follow || Duration.ofNanos(System.nanoTime() - heard).toSeconds() > patience)) {
                throw api.unreachable(failure);
            }
            Api.pause(PERIOD);
        }
    }

    private static void print(SlipwayCommand here, String line) {
        if (here.asJson()) {
            here.screen().json(here.json().createObjectNode().put("line", Plain.line(line)));
        } else {
            here.screen().line(line);
        }
    }

    /** The second word, where it is a time. */
    private static String time(String line) {
        String[] words = line.split(" ", 3);
        return words.length > 1 && words[1].matches("\\d{4}-\\d{2}-\\d{2}T[0-9:.]+Z") ? words[1] : "";
    }
}
