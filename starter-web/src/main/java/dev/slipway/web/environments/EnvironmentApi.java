package dev.slipway.web.environments;

import dev.slipway.activities.store.EnvironmentStore;
import dev.slipway.activities.store.EnvironmentStore.StoredEnvironment;
import dev.slipway.activities.store.ReleaseStore;
import dev.slipway.web.access.Access;
import dev.slipway.web.access.Caller;
import dev.slipway.web.access.Needs;
import dev.slipway.web.access.Needs.At;
import dev.slipway.web.shell.Page;
import dev.slipway.web.shell.Wording;
import dev.slipway.web.shell.Wordings;
import dev.slipway.workflows.people.Permission;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Environments over the API. */
@RestController
@Needs(value = Permission.VIEW, at = At.ENVIRONMENT)
@RequestMapping("/api/v1/environments")
@Tag(name = "environments")
final class EnvironmentApi {
    private final Access access;
    private final Environments environments;
    private final EnvironmentStore store;
    private final ReleaseStore releases;
    private final NewEnvironments creation;
    private final Wordings wordings;

    EnvironmentApi(
            Environments environments,
            EnvironmentStore store,
            ReleaseStore releases,
            NewEnvironments creation,
            Wordings wordings,
            Access access) {
        this.access = access;
        this.environments = environments;
        this.store = store;
        this.releases = releases;
        this.creation = creation;
        this.wordings = wordings;
    }

    /**
     * What an environment is to be.
     *
     * @param namespace {@code null}: named like the environment
     * @param overrides document of kind Overrides, as YAML; {@code null}: none
     */
    record NewEnvironment(
            @Nullable String name,
            @Nullable String application,
            @Nullable String cluster,
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
        return Page.of(
                some,
                Page.limit(limit),
                StoredEnvironment::name,
                environment -> environments.view(environment).in(words));
    }

    @PostMapping
    @Operation(summary = "Creates an environment; nothing is deployed yet")
    @Needs(value = Permission.OPERATE, at = At.ANYWHERE)
    ResponseEntity<EnvironmentView> create(@RequestBody NewEnvironment wanted, Caller caller) {
        StoredEnvironment created = creation.create(
                Page.required("name", wanted.name()),
                Page.required("application", wanted.application()),
                Page.required("cluster", wanted.cluster()),
                wanted.namespace(),
                wanted.overrides() == null ? "" : wanted.overrides(),
                caller);
        return ResponseEntity.created(URI.create("/api/v1/environments/" + created.name()))
                .body(environments.view(created));
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
    EnvironmentView one(@PathVariable("environment") String name, Locale locale) {
        return environments.view(environments.named(name)).in(wordings.in(locale));
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
