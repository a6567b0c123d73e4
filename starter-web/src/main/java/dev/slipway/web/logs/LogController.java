package dev.slipway.web.logs;

import dev.slipway.activities.kubernetes.log.ComponentLogs;
import dev.slipway.activities.kubernetes.log.LogBuffer.Batch;
import dev.slipway.activities.kubernetes.log.LogLine;
import dev.slipway.activities.kubernetes.log.LoggedPod;
import dev.slipway.web.access.Needs;
import dev.slipway.web.access.Needs.At;
import dev.slipway.web.logs.LogStreams.Viewer;
import dev.slipway.web.logs.LogText.Row;
import dev.slipway.web.logs.Logs.Place;
import dev.slipway.web.problems.ProblemText;
import dev.slipway.web.problems.ProblemTexts;
import dev.slipway.web.shell.Installation;
import dev.slipway.web.shell.Wording;
import dev.slipway.web.shell.Wordings;
import dev.slipway.workflows.people.Permission;
import dev.slipway.workflows.problem.ProblemException;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;
import org.springframework.web.util.UriComponentsBuilder;
import tools.jackson.databind.json.JsonMapper;

/** The page of a component's log, and the stream that fills it. */
@Controller
@Needs(value = Permission.VIEW, at = At.ENVIRONMENT)
final class LogController {
    static final String TEMPLATE = "logs/log";
    private static final long LIMIT = Duration.ofMinutes(30).toMillis();
    private static final Duration SILENCE = Duration.ofSeconds(5);
    /** A browser that lays out more than 1,000 lines in a second has no time left for its person. */
    private static final long PERIOD_MILLIS = 250;

    private static final int AT_ONCE = 250;
    private static final int TAIL = 500;
    private static final int TAIL_PREVIOUS = 5_000;

    private final Logs logs;
    private final LogStreams streams;
    private final Installation installation;
    private final ProblemTexts texts;
    private final Wordings wordings;
    private final JsonMapper json;

    LogController(
            Logs logs,
            LogStreams streams,
            Installation installation,
            ProblemTexts texts,
            Wordings wordings,
            JsonMapper json) {
        this.logs = logs;
        this.streams = streams;
        this.installation = installation;
        this.texts = texts;
        this.wordings = wordings;
        this.json = json;
    }

    @GetMapping("/environments/{name}/components/{component}/log")
    String page(
            @PathVariable("name") String name,
            @PathVariable("component") String component,
            @RequestParam(name = "pod", defaultValue = "") String pod,
            @RequestParam(name = "container", defaultValue = "") String container,
            @RequestParam(name = "previous", defaultValue = "false") boolean previous,
            @RequestParam(name = "since", defaultValue = "") String since,
            @RequestParam(name = "search", defaultValue = "") String search,
            Locale locale,
            Model model) {
        LogQuery query = new LogQuery(pod, container, previous, since, search);
        query.from(Instant.now());
        Place place = logs.at(name, component);
        List<LoggedPod> pods = List.of();
        List<ProblemText> problems = List.of();
        try {
            pods = place.pods();
        } catch (ProblemException unreadable) {
            problems = texts.texts(unreadable.problems(), locale);
        }
        model.addAllAttributes(model(
                name,
                component,
                installation.simulated(place.environment().cluster()),
                query,
                pods,
                problems,
                wordings.in(locale)));
        return TEMPLATE;
    }

    /** Pure: all that the page shows before the first line comes. */
    static Map<String, Object> model(
            String environment,
            String component,
            boolean simulated,
            LogQuery query,
            List<LoggedPod> pods,
            List<ProblemText> problems,
            Wording words) {
        Map<String, Object> model = new LinkedHashMap<>();
        model.put("environment", environment);
        model.put("component", component);
        model.put("simulated", simulated);
        model.put("query", query);
        model.put("pods", pods);
        model.put(
                "containers",
                pods.stream()
                        .flatMap(pod -> pod.containers().stream())
                        .distinct()
                        .toList());
        model.put("problems", problems);
        Map<String, String> sinces = new LinkedHashMap<>();
        sinces.put("", words.say("log.since.last"));
        for (String back : List.of("10m", "1h", "24h")) {
            sinces.put(back, words.word("log.since", back));
        }
        if (!query.since().isEmpty()) {
            Instant from = query.from(Instant.now());
            sinces.putIfAbsent(
                    query.since(),
                    from == null || query.since().length() < 8
                            ? query.since()
                            : words.say("log.since.from", words.clock(from)));
        }
        model.put("sinces", sinces);
        model.put("stream", address("/environments/{e}/components/{c}/log/events", environment, component, query));
        model.put("text", address("/api/v1/environments/{e}/components/{c}/log", environment, component, query));
        return model;
    }

    private static String address(String path, String environment, String component, LogQuery query) {
        UriComponentsBuilder address = UriComponentsBuilder.fromPath(path);
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("e", environment);
        values.put("c", component);
        Map<String, String> asked = new LinkedHashMap<>();
        asked.put("pod", query.pod());
        asked.put("container", query.container());
        asked.put("previous", query.previous() ? "true" : "");
        asked.put("since", query.since());
        asked.put("search", query.search());
        asked.forEach((name, value) -> {
            if (!value.isEmpty()) {
                address.queryParam(name, "{" + name + "}");
                values.put(name, value);
            }
        });
        return address.encode().buildAndExpand(values).toUriString();
    }

    /**
     * Lines as they come, at most {@value #AT_ONCE} every {@value #PERIOD_MILLIS} ms.
     *
     * @param after time of the last line that the page has; empty: it has none
     */
    @GetMapping(
            path = "/environments/{name}/components/{component}/log/events",
            produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    SseEmitter events(
            @PathVariable("name") String name,
            @PathVariable("component") String component,
            @RequestParam(name = "pod", defaultValue = "") String pod,
            @RequestParam(name = "container", defaultValue = "") String container,
            @RequestParam(name = "previous", defaultValue = "false") boolean previous,
            @RequestParam(name = "since", defaultValue = "") String since,
            @RequestParam(name = "search", defaultValue = "") String search,
            @RequestParam(name = "after", defaultValue = "") String after,
            @RequestHeader(name = "Last-Event-ID", required = false) @Nullable String lastEventId,
            Locale locale,
            HttpServletResponse response) {
        LogQuery query = new LogQuery(pod, container, previous, since, search);
        query.from(Instant.now());
        Place place = logs.at(name, component);
        Instant last = time(lastEventId == null || lastEventId.isBlank() ? after : lastEventId);
        Wording words = wordings.in(locale);
        response.setHeader("X-Accel-Buffering", "no");
        SseEmitter emitter = new SseEmitter(LIMIT);
        return streams.open(emitter, viewer -> {
            try {
                if (previous) {
                    past(place, query, viewer, emitter, words);
                } else {
                    live(place, query, last, viewer, emitter, words);
                }
                emitter.send(SseEmitter.event().name("end").data(""));
            } catch (ProblemException unreadable) {
                // The browser would come back again and again to an answer that is an error.
                viewer.begun();
                List<Row> rows = texts.texts(unreadable.problems(), locale).stream()
                        .map(text -> LogText.word("refused", "", text.what() + " " + text.fix() + " " + text.code()))
                        .toList();
                emitter.send(SseEmitter.event().name("lines").data(json.writeValueAsString(rows)));
                emitter.send(SseEmitter.event().name("end").data(""));
            }
        });
    }

    private void live(
            Place place, LogQuery query, @Nullable Instant after, Viewer viewer, SseEmitter emitter, Wording words)
            throws IOException, InterruptedException {
        Instant newest = after;
        try (ComponentLogs.Following following = place.follow(query, after, TAIL, viewer.buffer())) {
            viewer.begun();
            emitter.send(SseEmitter.event().name("open").data(""));
            while (!viewer.gone()) {
                Thread.sleep(PERIOD_MILLIS);
                Batch batch = viewer.buffer().take(AT_ONCE, SILENCE);
                for (LogLine line : batch.lines()) {
                    Instant at = line.at();
                    if (at != null && (newest == null || at.isAfter(newest))) {
                        newest = at;
                    }
                }
                List<Row> rows = LogText.rows(batch, words);
                if (rows.isEmpty()) {
                    emitter.send(SseEmitter.event().comment(""));
                } else {
                    emitter.send(SseEmitter.event()
                            .name("lines")
                            .id(newest == null ? "" : newest.toString())
                            .data(json.writeValueAsString(rows)));
                }
                if (batch.finished()) {
                    return;
                }
            }
        }
    }

    /** What has ended comes whole, as fast as the page takes it. */
    private void past(Place place, LogQuery query, Viewer viewer, SseEmitter emitter, Wording words)
            throws IOException {
        List<Row> rows = new ArrayList<>();
        place.read(query, TAIL_PREVIOUS, line -> {
            if (viewer.gone()) {
                throw new IOException("the reader left");
            }
            rows.add(LogText.row(line, words));
            if (rows.size() == AT_ONCE) {
                send(rows, viewer, emitter);
            }
        });
        send(rows, viewer, emitter);
    }

    private void send(List<Row> rows, Viewer viewer, SseEmitter emitter) throws IOException {
        viewer.begun();
        emitter.send(SseEmitter.event().name("lines").data(json.writeValueAsString(rows)));
        rows.clear();
    }

    private static @Nullable Instant time(String text) {
        try {
            return text.isBlank() ? null : Instant.parse(text);
        } catch (DateTimeException e) {
            return null; // not one of ours: the page gets what it would get without it
        }
    }
}
