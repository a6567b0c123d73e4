package dev.slipway.web.environments;

import dev.slipway.activities.store.EnvironmentStore;
import dev.slipway.activities.store.EnvironmentStore.StoredEnvironment;
import dev.slipway.activities.store.ReleaseStore;
import dev.slipway.web.access.Access;
import dev.slipway.web.access.Caller;
import dev.slipway.web.access.Needs;
import dev.slipway.web.access.Needs.At;
import dev.slipway.web.api.EntityTags;
import dev.slipway.web.api.Repeats;
import dev.slipway.web.shell.Page;
import dev.slipway.web.shell.Wording;
import dev.slipway.web.shell.Wordings;
import dev.slipway.workflows.people.Permission;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.media.Schema.RequiredMode;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Environments over the API. */
@RestController
@Needs(value = Permission.VIEW, at = At.ENVIRONMENT)
@RequestMapping("/api/v1/environments")
@Tag(name = "environments")
final class EnvironmentApi {
    private static final String YAML = "application/yaml";

    private final Access access;
    private final Environments environments;
    private final EnvironmentStore store;
    private final ReleaseStore releases;
    private final NewEnvironments creation;
    private final EnvironmentDiffs diffs;
    private final Repeats repeats;
    private final Wordings wordings;

    EnvironmentApi(
            Environments environments,
            EnvironmentStore store,
            ReleaseStore releases,
            NewEnvironments creation,
            EnvironmentDiffs diffs,
            Repeats repeats,
            Wordings wordings,
            Access access) {
        this.access = access;
        this.environments = environments;
        this.store = store;
        this.releases = releases;
        this.creation = creation;
        this.diffs = diffs;
        this.repeats = repeats;
        this.wordings = wordings;
    }

    /**
     * What an environment is to be.
     *
     * @param namespace {@code null}: named like the environment
     * @param overrides document of kind Overrides, as YAML; {@code null}: none
     */
    record NewEnvironment(
            @Schema(requiredMode = RequiredMode.REQUIRED) @Nullable
            String name,

            @Schema(requiredMode = RequiredMode.REQUIRED) @Nullable
            String application,

            @Schema(requiredMode = RequiredMode.REQUIRED) @Nullable
            String cluster,

            @Nullable String namespace,
            @Nullable String overrides) {}

    @GetMapping
    @Operation(summary = "Environments by name; next is the cursor of the page after")
    @Needs(value = Permission.VIEW, at = At.ANYWHERE)
    Page<EnvironmentView> list(
            @RequestParam(name = "after", defaultValue = "") String after,
            @RequestParam(name = "limit", defaultValue = "50") int limit,
            Caller caller,
            Locale locale) {
        List<StoredEnvironment> some = store.list(access.sight(caller), after, Page.limit(limit) + 1);
        Wording words = wordings.in(locale);
        List<StoredEnvironment> shown = some.subList(0, Math.min(limit, some.size()));
        return new Page<>(
                environments.views(shown).stream().map(view -> view.in(words)).toList(),
                some.size() > limit ? shown.get(shown.size() - 1).name() : null);
    }

    @PostMapping
    @Operation(summary = "Creates an environment; nothing is deployed yet")
    @ApiResponse(responseCode = "201", description = "Created; Location says where it is")
    @Needs(value = Permission.OPERATE, at = At.ANYWHERE)
    ResponseEntity<EnvironmentView> create(
            @RequestBody NewEnvironment wanted,
            @RequestHeader(name = Repeats.HEADER, required = false) @Nullable String key,
            Caller caller,
            Locale locale) {
        Page.allRequired("name", wanted.name(), "application", wanted.application(), "cluster", wanted.cluster());
        return repeats.once(
                caller, key, "POST environments", wanted, EnvironmentView.class, () -> created(wanted, caller, locale));
    }

    private ResponseEntity<EnvironmentView> created(NewEnvironment wanted, Caller caller, Locale locale) {
        StoredEnvironment created = creation.create(
                Page.required("name", wanted.name()),
                Page.required("application", wanted.application()),
                Page.required("cluster", wanted.cluster()),
                wanted.namespace(),
                wanted.overrides() == null ? "" : wanted.overrides(),
                caller);
        EnvironmentView view = environments.view(created).in(wordings.in(locale));
        return ResponseEntity.created(URI.create("/api/v1/environments/" + created.name()))
                .eTag(tag(created, view))
                .body(view);
    }

    /** @param branch {@code null}: as the application says */
    record Branch(@Nullable String branch) {}

    @PutMapping("/{environment}/branch")
    @Operation(summary = "Chooses the branch of all that names none of its own; the next plan takes it")
    @Needs(value = Permission.DEPLOY, at = At.ENVIRONMENT)
    EnvironmentView branch(@PathVariable("environment") String name, @RequestBody Branch wanted) {
        creation.branch(environments.named(name), wanted.branch());
        return environments.view(environments.named(name));
    }

    @GetMapping("/{environment}")
    @Operation(summary = "One environment; its ETag is what a change of it names as If-Match")
    ResponseEntity<EnvironmentView> one(@PathVariable("environment") String name, Locale locale) {
        return shown(environments.named(name), locale);
    }

    private ResponseEntity<EnvironmentView> shown(StoredEnvironment environment, Locale locale) {
        EnvironmentView view = environments.view(environment).in(wordings.in(locale));
        return ResponseEntity.ok().eTag(tag(environment, view)).body(view);
    }

    private static String tag(StoredEnvironment environment, Object shown) {
        return EntityTags.tag(EntityTags.ofText(environment.overrides()), shown);
    }

    /**
     * What is to change; at least one.
     *
     * @param branch of all that names none of its own; empty: as the application says; {@code null}: as it is
     * @param overrides document of kind Overrides, as YAML; empty: none; {@code null}: as they are
     */
    record Change(@Nullable String branch, @Nullable String overrides) {}

    @PatchMapping("/{environment}")
    @Operation(summary = "Chooses the branch or replaces the overrides; the next plan takes it")
    @Needs(value = Permission.EDIT, at = At.ENVIRONMENT)
    ResponseEntity<EnvironmentView> change(
            @PathVariable("environment") String name,
            @RequestHeader(name = "If-Match", required = false) @Nullable String seen,
            @RequestBody Change wanted,
            Locale locale) {
        StoredEnvironment environment = environments.named(name);
        if (wanted.branch() == null && wanted.overrides() == null) {
            throw new ProblemException(
                    Problem.of(ProblemCode.REQUEST_INVALID, "", "reason", "at least one of branch, overrides"));
        }
        creation.change(environment, wanted.overrides(), wanted.branch(), sameAs(name, seen));
        return shown(environments.named(name), locale);
    }

    private static Consumer<String> sameAs(String name, @Nullable String seen) {
        return before -> EntityTags.require(seen, EntityTags.ofText(before), name);
    }

    @GetMapping(path = "/{environment}/overrides", produces = YAML)
    @Operation(summary = "Where an environment differs from its application, as its author wrote it; empty: nowhere")
    ResponseEntity<String> overrides(@PathVariable("environment") String name) {
        StoredEnvironment environment = environments.named(name);
        return ResponseEntity.ok()
                .eTag(tag(environment, environment.overrides()))
                .contentType(new MediaType(MediaType.parseMediaType(YAML), StandardCharsets.UTF_8))
                .body(environment.overrides());
    }

    @PutMapping(path = "/{environment}/overrides", consumes = YAML)
    @Operation(summary = "Replaces the overrides; If-Match names what the writer saw; 422 names every problem")
    @Needs(value = Permission.EDIT, at = At.ENVIRONMENT)
    ResponseEntity<EnvironmentView> replace(
            @PathVariable("environment") String name,
            @RequestHeader(name = "If-Match", required = false) @Nullable String seen,
            @RequestBody(required = false) @Nullable String overrides,
            Locale locale) {
        StoredEnvironment environment = environments.named(name);
        creation.change(environment, overrides == null ? "" : overrides, null, sameAs(name, seen));
        return shown(environments.named(name), locale);
    }

    @GetMapping("/{environment}/diff")
    @Operation(summary = "What differs between the newest release and another one, or another environment")
    EnvironmentDiff diff(
            @PathVariable("environment") String name,
            @Parameter(description = "the number of a release of this environment, or the name of another environment")
                    @RequestParam("with")
                    String with,
            Caller caller) {
        return diffs.between(name, with, caller);
    }

    @GetMapping("/{environment}/releases")
    @Operation(summary = "Releases, newest first; next is the cursor of the page after")
    Page<ReleaseView> releases(
            @PathVariable("environment") String name,
            @RequestParam(name = "after", required = false) @Nullable Long after,
            @RequestParam(name = "limit", defaultValue = "50") int limit) {
        List<ReleaseView> some = environments.releases(
                environments.named(name).id(), after == null ? Long.MAX_VALUE : after, Page.limit(limit) + 1);
        return Page.of(some, Page.limit(limit), release -> Long.toString(release.number()), release -> release);
    }

    @GetMapping("/{environment}/releases/{number}")
    ReleaseView release(@PathVariable("environment") String name, @PathVariable("number") long number) {
        String id = environments.named(name).id();
        if (releases.byNumber(id, number).isEmpty()) {
            throw new ProblemException(Problem.of(ProblemCode.REQUEST_NOT_FOUND, name + "/releases/" + number));
        }
        return environments.releases(id, number + 1, 1).get(0);
    }
}
