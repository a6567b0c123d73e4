package dev.slipway.web.logs;

import dev.slipway.activities.kubernetes.log.ComponentLogs;
import dev.slipway.activities.kubernetes.log.LogBuffer.Batch;
import dev.slipway.activities.kubernetes.log.LogLine;
import dev.slipway.web.access.Needs;
import dev.slipway.web.access.Needs.At;
import dev.slipway.web.logs.LogStreams.Viewer;
import dev.slipway.web.logs.Logs.Place;
import dev.slipway.web.shell.Wording;
import dev.slipway.web.shell.Wordings;
import dev.slipway.workflows.people.Permission;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.ResponseBodyEmitter;

/** Logs as plain text. */
@RestController
@Needs(value = Permission.VIEW, at = At.ENVIRONMENT)
@RequestMapping("/api/v1/environments/{environment}/components/{component}")
@Tag(name = "environments")
final class LogApi {
    private static final MediaType TEXT = new MediaType(MediaType.TEXT_PLAIN, StandardCharsets.UTF_8);
    private static final long LIMIT = Duration.ofMinutes(30).toMillis();
    private static final Duration SILENCE = Duration.ofSeconds(15);
    private static final int AT_ONCE = 1_000;
    private static final int PIECE = 32 << 10;

    private final Logs logs;
    private final LogStreams streams;
    private final Wordings wordings;

    LogApi(Logs logs, LogStreams streams, Wordings wordings) {
        this.logs = logs;
        this.streams = streams;
        this.wordings = wordings;
    }

    @GetMapping("/log")
    @Operation(
            summary = "What the component's containers say: pod, time, text; in the order of time",
            description =
                    "Escape sequences of terminals are left out, lines are cut at 16 KiB. Followed, it lasts 30 minutes at most; "
                            + "lines that the reader is too slow for are skipped, which a line with # says, and an empty line is a sign of life.")
    ResponseEntity<ResponseBodyEmitter> log(
            @PathVariable("environment") String environment,
            @PathVariable("component") String component,
            @Parameter(description = "one pod; all without it") @RequestParam(name = "pod", defaultValue = "")
                    String pod,
            @RequestParam(name = "container", defaultValue = "") String container,
            @Parameter(description = "of the container before the one that runs, which has ended")
                    @RequestParam(name = "previous", defaultValue = "false")
                    boolean previous,
            @Parameter(description = "90s, 10m, 1h, 2d, or a time with its zone")
                    @RequestParam(name = "since", defaultValue = "")
                    String since,
            @Parameter(description = "only lines that have this in them, in any case")
                    @RequestParam(name = "search", defaultValue = "")
                    String search,
            @Parameter(description = "how many of the last lines of each pod; 0: all")
                    @RequestParam(name = "tail", defaultValue = "0")
                    int tail,
            @RequestParam(name = "follow", defaultValue = "false") boolean follow,
            @RequestParam(name = "download", defaultValue = "false") boolean download,
            Locale locale) {
        LogQuery query = new LogQuery(pod, container, previous, since, search);
        query.from(Instant.now());
        Place place = logs.at(environment, component);
        Wording words = wordings.in(locale);
        ResponseBodyEmitter emitter = new ResponseBodyEmitter(LIMIT);
        int last = Math.max(0, tail);
        streams.open(emitter, viewer -> {
            if (follow && !previous) {
                follow(place, query, last, viewer, emitter, words);
            } else {
                read(place, query, last, viewer, emitter, words);
            }
        });
        HttpHeaders headers = new HttpHeaders();
        headers.setContentType(TEXT);
        headers.set("X-Content-Type-Options", "nosniff");
        headers.set("X-Accel-Buffering", "no");
        if (download) {
            headers.setContentDisposition(ContentDisposition.attachment()
                    .filename(environment + "-" + component + ".log", StandardCharsets.UTF_8)
                    .build());
        }
        return new ResponseEntity<>(emitter, headers, 200);
    }

    private static void read(
            Place place, LogQuery query, int tail, Viewer viewer, ResponseBodyEmitter emitter, Wording words)
            throws IOException {
        StringBuilder piece = new StringBuilder();
        place.read(query, tail, line -> {
            if (viewer.gone()) {
                throw new IOException("the reader left");
            }
            piece.append(LogText.plain(line, words));
            if (piece.length() > PIECE) {
                send(viewer, emitter, piece);
            }
        });
        send(viewer, emitter, piece);
    }

    private static void follow(
            Place place, LogQuery query, int tail, Viewer viewer, ResponseBodyEmitter emitter, Wording words)
            throws IOException, InterruptedException {
        try (ComponentLogs.Following following = place.follow(query, null, tail, viewer.buffer())) {
            while (!viewer.gone()) {
                Batch batch = viewer.buffer().take(AT_ONCE, SILENCE);
                StringBuilder piece = new StringBuilder();
                if (batch.skipped() > 0) {
                    piece.append("# ")
                            .append(LogText.skipped(batch.skipped(), words))
                            .append('\n');
                }
                for (LogLine line : batch.lines()) {
                    piece.append(LogText.plain(line, words));
                }
                send(viewer, emitter, piece.length() == 0 ? piece.append('\n') : piece);
                if (batch.finished()) {
                    return;
                }
            }
        }
    }

    private static void send(Viewer viewer, ResponseBodyEmitter emitter, StringBuilder piece) throws IOException {
        viewer.begun();
        emitter.send(piece.toString(), TEXT);
        piece.setLength(0);
    }
}
