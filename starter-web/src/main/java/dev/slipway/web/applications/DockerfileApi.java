package dev.slipway.web.applications;

import dev.slipway.web.access.Caller;
import dev.slipway.web.access.Needs;
import dev.slipway.web.access.Needs.At;
import dev.slipway.web.api.Costly;
import dev.slipway.web.api.Repeats;
import dev.slipway.web.applications.Dockerfiles.Dockerfile;
import dev.slipway.web.applications.Dockerfiles.Wanted;
import dev.slipway.web.shell.Page;
import dev.slipway.workflows.people.Permission;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Dockerfiles of components over the API. */
@RestController
@Needs(value = Permission.EDIT, at = At.APPLICATION)
@RequestMapping("/api/v1/applications/{application}/components/{component}/dockerfile")
@Tag(name = "applications")
final class DockerfileApi {
    private final Applications applications;
    private final Dockerfiles dockerfiles;
    private final Repeats repeats;

    DockerfileApi(Applications applications, Dockerfiles dockerfiles, Repeats repeats) {
        this.applications = applications;
        this.dockerfiles = dockerfiles;
        this.repeats = repeats;
    }

    /**
     * @param commit the one that was looked at; {@code null}: the newest
     * @param branch {@code null}: a new one for this
     * @param text {@code null}: as it is generated
     */
    record NewCommit(
            @Nullable String commit,
            @Nullable String branch,
            @Nullable String text,
            @Nullable String message) {}

    /** What was committed. */
    record Committed(String commit, String branch, String path) {}

    @Costly
    @GetMapping
    @Operation(summary = "How a component is built: the generated Dockerfile, the document's, or the repository's own")
    Dockerfile show(@PathVariable("application") String application, @PathVariable("component") String component) {
        return dockerfiles.of(applications.named(application), component);
    }

    @PostMapping
    @Operation(summary = "Commits a Dockerfile to the component's repository; nothing there is replaced")
    @ApiResponse(responseCode = "201", description = "Created; Location says where it is")
    ResponseEntity<Committed> commit(
            @PathVariable("application") String application,
            @PathVariable("component") String component,
            @RequestBody NewCommit wanted,
            @RequestHeader(name = Repeats.HEADER, required = false) @Nullable String key,
            Caller caller) {
        return repeats.once(
                caller,
                key,
                "POST applications/" + application + "/components/" + component + "/dockerfile",
                wanted,
                Committed.class,
                () -> ResponseEntity.status(HttpStatus.CREATED)
                        .body(committed(application, component, wanted, caller.name())));
    }

    private Committed committed(String application, String component, NewCommit wanted, String who) {
        Dockerfile dockerfile = dockerfiles.of(applications.named(application), component);
        String branch = Objects.requireNonNullElse(wanted.branch(), dockerfile.newBranch());
        String commit = dockerfiles.commit(
                dockerfile,
                new Wanted(
                        Objects.requireNonNullElse(wanted.commit(), dockerfile.commit()),
                        branch,
                        Page.required("text", wanted.text() == null ? dockerfile.text() : wanted.text()),
                        Objects.requireNonNullElse(wanted.message(), dockerfile.message())),
                who);
        return new Committed(commit, branch, dockerfile.path());
    }
}
