package dev.slipway.web.builds;

import dev.slipway.activities.kubernetes.log.Ansi;
import dev.slipway.activities.store.BuildLog;
import dev.slipway.web.access.Caller;
import dev.slipway.web.access.Needs;
import dev.slipway.web.access.Needs.At;
import dev.slipway.web.builds.Builds.Filter;
import dev.slipway.web.shell.Page;
import dev.slipway.workflows.people.Permission;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Builds over the API. */
@RestController
@Needs(value = Permission.VIEW, at = At.ANYWHERE)
@RequestMapping("/api/v1/builds")
@Tag(name = "builds")
final class BuildApi {
    private static final MediaType TEXT = new MediaType("text", "plain", StandardCharsets.UTF_8);

    private final Builds builds;
    private final BuildLog log;

    BuildApi(Builds builds, BuildLog log) {
        this.builds = builds;
        this.log = log;
    }

    @GetMapping
    @Operation(summary = "Builds that ran or run, newest first")
    Page<BuildView> list(
            @RequestParam(name = "application", required = false) @Nullable String application,
            @RequestParam(name = "component", required = false) @Nullable String component,
            @RequestParam(name = "state", required = false) @Nullable String state,
            @RequestParam(name = "after", required = false) @Nullable Long after,
            @RequestParam(name = "limit", defaultValue = "50") int limit,
            Caller caller,
            Locale locale) {
        return builds.list(new Filter(application, component, state, after), limit, caller, locale);
    }

    @GetMapping("/{build}")
    @Needs(value = Permission.VIEW, at = At.BUILD)
    BuildView one(@PathVariable("build") String build, Locale locale) {
        return builds.one(build, locale);
    }

    /** @param colour with the sequences that a terminal shows as colours */
    @GetMapping("/{build}/log")
    @Operation(summary = "What the builder said, as text; of one that runs, what it has said so far")
    @Needs(value = Permission.VIEW, at = At.BUILD)
    ResponseEntity<String> log(
            @PathVariable("build") String build,
            @RequestParam(name = "colour", defaultValue = "false") boolean colour,
            Locale locale) {
        BuildView view = builds.one(build, locale);
        StringBuilder text = new StringBuilder();
        log.read(build, 0, Integer.MAX_VALUE)
                .forEach(line -> text.append(line.at())
                        .append(' ')
                        .append(colour ? line.text() : Ansi.plain(line.text()))
                        .append('\n'));
        HttpHeaders headers = new HttpHeaders();
        headers.setContentType(TEXT);
        headers.setContentDisposition(ContentDisposition.attachment()
                .filename(view.application() + "-" + view.component() + "-" + view.id() + ".log")
                .build());
        return new ResponseEntity<>(text.toString(), headers, HttpStatus.OK);
    }
}
