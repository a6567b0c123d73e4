package dev.slipway.web.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Follows a run to its end: by its event stream, opened again with {@code Last-Event-ID} whenever it breaks; where a stream
 * does not get through (a proxy that buffers), by asking every two seconds.
 */
final class RunWatch {
    private static final Duration SILENCE = Duration.ofSeconds(45);
    private static final Duration PERIOD = Duration.ofSeconds(2);
    private static final int STREAMS = 3;
    private static final Pattern FIELD = Pattern.compile("(?:event|id|data)?:");

    private final Api api;
    private final Screen screen;
    private final Words words;
    private final JsonMapper json;
    private final Duration patience;
    private @Nullable String lastId;
    private @Nullable JsonNode newest;
    private boolean told;

    /** @param patience how long a Slipway that is away is waited for */
    RunWatch(Api api, Screen screen, Words words, JsonMapper json, Duration patience) {
        this.api = api;
        this.screen = screen;
        this.words = words;
        this.json = json;
        this.patience = patience;
    }

    /**
     * @param seen gets the whole run at every change
     * @return the run as it ended
     * @throws Stop Slipway stayed away
     */
    JsonNode follow(String run, Consumer<JsonNode> seen) {
        long heard = System.nanoTime();
        int empty = 0;
        long pause = 250;
        while (true) {
            IOException failure = null;
            boolean got = false;
            try {
                got = empty < STREAMS ? stream(run, seen) : ask(run, seen);
                if (!got && empty < STREAMS) {
                    empty++;
                }
            } catch (IOException broken) {
                failure = broken;
            }
            JsonNode seenLast = newest;
            if (seenLast != null && seenLast.path("outcome").isString()) {
                return seenLast;
            }
            if (got) {
                heard = System.nanoTime();
                pause = 250;
                told = false;
            }
            if (failure != null) {
                if (Duration.ofNanos(System.nanoTime() - heard).compareTo(patience) > 0) {
                    throw api.unreachable(failure);
                }
                if (!told) {
                    screen.note(words.text("follow.lost"));
                    told = true;
                }
                Api.pause(Duration.ofMillis(pause));
                pause = Math.min(5_000, pause * 2);
            } else {
                Api.pause(empty < STREAMS ? Duration.ofMillis(pause) : PERIOD);
            }
        }
    }

    private boolean ask(String run, Consumer<JsonNode> seen) throws IOException {
        try {
            take(api.get("/runs/" + Api.part(run)), seen);
            return true;
        } catch (Stop stop) {
            if (stop.exit() == Exit.UNREACHABLE) {
                throw new IOException(stop.getMessage(), stop);
            }
            throw stop;
        }
    }

    /** Whether anything came. */
    private boolean stream(String run, Consumer<JsonNode> seen) throws IOException {
        boolean got = false;
        Map<String, String> since = lastId == null ? Map.of() : Map.of("Last-Event-ID", lastId);
        try (StreamLines lines =
                new StreamLines(api.open("/runs/" + Api.part(run) + "/events", "text/event-stream", since))) {
            String event = "";
            StringBuilder data = new StringBuilder();
            for (String line = lines.next(SILENCE); line != null; line = lines.next(SILENCE)) {
                line = line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
                // Each line of an event stream is a sign of life: after it, the patience begins anew.
                got |= FIELD.matcher(line).lookingAt();
                if (line.isEmpty()) {
                    if (event.equals("run") && data.length() > 0) {
                        take(parsed(data.toString()), seen);
                    } else if (event.equals("end")) {
                        return true;
                    }
                    event = "";
                    data.setLength(0);
                } else if (line.startsWith("event:")) {
                    event = line.substring("event:".length()).strip();
                } else if (line.startsWith("id:")) {
                    lastId = line.substring("id:".length()).strip();
                } else if (line.startsWith("data:")) {
                    data.append(data.length() == 0 ? "" : "\n").append(line.substring("data:".length()));
                }
            }
            return got;
        } catch (IOException broken) {
            if (got) {
                return true;
            }
            throw broken;
        }
    }

    private JsonNode parsed(String data) throws IOException {
        try {
            return json.readTree(data);
        } catch (JacksonException notOurs) {
            throw new IOException("an event that is no JSON", notOurs);
        }
    }

    private void take(JsonNode run, Consumer<JsonNode> seen) {
        if (!run.equals(newest)) {
            newest = run;
            seen.accept(run);
        }
    }
}
