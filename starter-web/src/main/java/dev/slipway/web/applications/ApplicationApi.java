package dev.slipway.web.applications;

import dev.slipway.activities.git.GitRefs;
import dev.slipway.activities.git.TextDiff;
import dev.slipway.activities.store.ApplicationStore;
import dev.slipway.activities.store.ApplicationStore.GitOrigin;
import dev.slipway.activities.store.ApplicationStore.Revision;
import dev.slipway.activities.store.ApplicationStore.StoredApplication;
import dev.slipway.web.access.Access;
import dev.slipway.web.access.Caller;
import dev.slipway.web.access.Needs;
import dev.slipway.web.access.Needs.At;
import dev.slipway.web.api.Costly;
import dev.slipway.web.api.EntityTags;
import dev.slipway.web.api.Repeats;
import dev.slipway.web.applications.Applications.Checked;
import dev.slipway.web.audit.ChangesNothing;
import dev.slipway.web.problems.ProblemText;
import dev.slipway.web.problems.ProblemTexts;
import dev.slipway.web.shell.Page;
import dev.slipway.workflows.application.ApplicationSchema;
import dev.slipway.workflows.people.Permission;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.media.Schema.RequiredMode;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;
import java.security.Principal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Applications over the API. */
@RestController
@Needs(value = Permission.VIEW, at = At.APPLICATION)
@RequestMapping("/api/v1")
@Tag(name = "applications")
final class ApplicationApi {
    private static final String YAML = "application/yaml";

    private final Access access;
    private final Applications applications;
    private final ApplicationStore store;
    private final ProblemTexts texts;
    private final Repeats repeats;

    ApplicationApi(
            Applications applications, ApplicationStore store, ProblemTexts texts, Repeats repeats, Access access) {
        this.access = access;
        this.applications = applications;
        this.store = store;
        this.texts = texts;
        this.repeats = repeats;
    }

    /**
     * An application, either by where its document is kept or by the document itself.
     *
     * @param git {@code null}: the document is kept in Slipway
     * @param document YAML; {@code null} when it is in git
     */
    record NewApplication(@Nullable NewOrigin git, @Nullable String document) {}

    /** @param path {@code null}: {@code slipway.yaml} */
    record NewOrigin(
            @Schema(requiredMode = RequiredMode.REQUIRED) @Nullable
            String url,

            @Nullable String branch,
            @Nullable String path) {}

    /**
     * @param author empty: nobody, it was read from git or came with the demo
     * @param document {@code null} in lists
     */
    record RevisionView(
            long number,
            String author,
            String message,
            Instant at,
            @Nullable String document) {
        static RevisionView of(Revision revision, @Nullable String document) {
            return new RevisionView(
                    revision.number(), revision.author(), revision.message(), revision.createdAt(), document);
        }
    }

    /** @param problems of repositories that cannot be asked; the others are there */
    record RefsAnswer(Map<String, GitRefs> repositories, List<ProblemText> problems) {}

    /** @param problems empty: the document is fine */
    record CheckAnswer(@Nullable String name, List<ProblemText> problems) {}

    @Needs(value = Permission.VIEW, at = At.ANYWHERE)
    @GetMapping("/applications")
    Page<ApplicationView> list(
            @RequestParam(name = "after", defaultValue = "") String after,
            @RequestParam(name = "limit", defaultValue = "50") int limit,
            Caller caller) {
        List<StoredApplication> some = store.list(access.sight(caller), after, Page.limit(limit) + 1);
        return Page.of(some, Page.limit(limit), StoredApplication::name, applications::view);
    }

    @Needs(value = Permission.EDIT, at = At.EVERYWHERE)
    @PostMapping(path = "/applications", consumes = YAML)
    @Operation(summary = "Creates an application from its document; 422 names every problem of it")
    @ApiResponse(responseCode = "201", description = "Created; Location says where it is")
    ResponseEntity<ApplicationView> create(
            @RequestBody String document,
            @RequestHeader(name = Repeats.HEADER, required = false) @Nullable String key,
            Caller caller) {
        return once(caller, key, document, () -> applications.create(document, null, caller.name()));
    }

    private ResponseEntity<ApplicationView> once(
            Caller caller, @Nullable String key, Object body, Supplier<StoredApplication> create) {
        return repeats.once(caller, key, "POST applications", body, ApplicationView.class, () -> created(create.get()));
    }

    @Needs(value = Permission.EDIT, at = At.EVERYWHERE)
    @PostMapping(path = "/applications", consumes = MediaType.APPLICATION_JSON_VALUE)
    @Operation(summary = "Creates an application from a document or from a git repository")
    @ApiResponse(responseCode = "201", description = "Created; Location says where it is")
    ResponseEntity<ApplicationView> create(
            @RequestBody NewApplication wanted,
            @RequestHeader(name = Repeats.HEADER, required = false) @Nullable String key,
            Caller caller) {
        NewOrigin git = wanted.git();
        if ((git == null) == (wanted.document() == null)) {
            throw new ProblemException(
                    Problem.of(ProblemCode.REQUEST_INVALID, "", "reason", "exactly one of git, document"));
        }
        if (git == null) {
            String document = Page.required("document", wanted.document());
            return once(caller, key, wanted, () -> applications.create(document, null, caller.name()));
        }
        GitOrigin origin = new GitOrigin(
                Page.required("git.url", git.url()), git.branch(), git.path() == null ? Applications.FILE : git.path());
        return once(caller, key, wanted, () -> applications.create(applications.read(origin), origin, caller.name()));
    }

    private ResponseEntity<ApplicationView> created(StoredApplication application) {
        return ResponseEntity.created(URI.create("/api/v1/applications/" + application.name()))
                .eTag(tag(application))
                .body(applications.view(application));
    }

    private ResponseEntity<ApplicationView> shown(StoredApplication application) {
        return ResponseEntity.ok().eTag(tag(application)).body(applications.view(application));
    }

    private String tag(StoredApplication application) {
        return EntityTags.tag(Long.toString(application.revision()), applications.view(application));
    }

    @GetMapping("/applications/{application}")
    ResponseEntity<ApplicationView> one(@PathVariable("application") String name) {
        StoredApplication application = applications.named(name);
        return shown(application);
    }

    @Needs(value = Permission.EDIT, at = At.APPLICATION)
    @PutMapping(path = "/applications/{application}", consumes = YAML)
    @Operation(summary = "Replaces the document; If-Match names the revision that the writer saw")
    ResponseEntity<ApplicationView> replace(
            @PathVariable("application") String name,
            @RequestHeader(name = "If-Match", required = false) @Nullable String seen,
            @RequestParam(name = "message", defaultValue = "") String message,
            @RequestBody String document,
            Principal who) {
        StoredApplication now = applications.editable(name);
        EntityTags.require(seen, Long.toString(now.revision()), name);
        return shown(applications.replace(name, document, now.revision(), who.getName(), message));
    }

    @GetMapping("/applications/{application}/revisions")
    @Operation(summary = "What the document was, newest first, without the texts")
    Page<RevisionView> revisions(
            @PathVariable("application") String name,
            @RequestParam(name = "after", defaultValue = "9223372036854775807") long after,
            @RequestParam(name = "limit", defaultValue = "50") int limit) {
        StoredApplication application = applications.named(name);
        return Page.of(
                store.revisions(application.id(), after, Page.limit(limit) + 1),
                Page.limit(limit),
                revision -> Long.toString(revision.number()),
                revision -> RevisionView.of(revision, null));
    }

    @GetMapping("/applications/{application}/revisions/{number}")
    RevisionView revision(@PathVariable("application") String name, @PathVariable("number") long number) {
        Revision revision = applications.revision(applications.named(name), number);
        return RevisionView.of(revision, revision.document());
    }

    @GetMapping("/applications/{application}/revisions/{before}/diff/{after}")
    @Operation(summary = "What changed between two revisions, line by line")
    TextDiff diff(
            @PathVariable("application") String name,
            @PathVariable("before") long before,
            @PathVariable("after") long after) {
        StoredApplication application = applications.named(name);
        return TextDiff.between(
                applications.revision(application, before).document(),
                applications.revision(application, after).document());
    }

    @Costly
    @GetMapping("/applications/{application}/refs")
    @Operation(summary = "Branches and tags of the repositories that an application is built from, to choose one")
    RefsAnswer refs(
            @PathVariable("application") String name,
            @RequestParam(name = "q", defaultValue = "") String text,
            @RequestParam(name = "limit", defaultValue = "50") int limit,
            java.util.Locale locale) {
        Applications.Refs refs = applications.refs(applications.named(name), text, Page.limit(limit));
        return new RefsAnswer(refs.repositories(), texts.texts(refs.problems(), locale));
    }

    @Needs(value = Permission.OPERATE, at = At.APPLICATION)
    @DeleteMapping("/applications/{application}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(summary = "Deletes an application that no environment runs")
    void delete(
            @PathVariable("application") String name,
            @RequestHeader(name = "If-Match", required = false) @Nullable String seen) {
        EntityTags.optional(seen, Long.toString(applications.named(name).revision()), name);
        store.delete(name);
    }

    @Needs(value = Permission.VIEW, at = At.ANYWHERE)
    @GetMapping("/applications:schema")
    @Operation(summary = "JSON Schema of application documents, for editors")
    Map<String, Object> schema() {
        return ApplicationSchema.schema();
    }

    @Needs(value = Permission.VIEW, at = At.ANYWHERE)
    @Costly
    @ChangesNothing
    @PostMapping(path = "/applications:check", consumes = YAML)
    @Operation(summary = "Every problem of a document; nothing is created")
    CheckAnswer check(@RequestBody String document, java.util.Locale locale) {
        Checked checked = applications.check(document);
        return new CheckAnswer(checked.name(), texts.texts(checked.problems(), locale));
    }
}
