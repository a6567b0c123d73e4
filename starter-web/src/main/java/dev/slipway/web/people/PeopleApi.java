package dev.slipway.web.people;

import dev.slipway.activities.store.CredentialStore;
import dev.slipway.activities.store.PersonStore;
import dev.slipway.activities.store.PersonStore.Kind;
import dev.slipway.activities.store.PersonStore.Person;
import dev.slipway.web.access.Caller;
import dev.slipway.web.access.Needs;
import dev.slipway.web.access.Needs.At;
import dev.slipway.web.api.EntityTags;
import dev.slipway.web.security.SignInLinkController;
import dev.slipway.web.shell.Page;
import dev.slipway.workflows.people.Permission;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
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

/** People and services over the API. */
@RestController
@Needs(value = Permission.PEOPLE, at = At.EVERYWHERE)
@RequestMapping("/api/v1/people")
@Tag(name = "people")
final class PeopleApi {
    private final People people;
    private final PersonStore store;
    private final CredentialStore credentials;

    PeopleApi(People people, PersonStore store, CredentialStore credentials) {
        this.people = people;
        this.store = store;
        this.credentials = credentials;
    }

    /** @param kind {@code person}, the default, or {@code service} */
    record NewPerson(
            @Nullable String name,
            @Nullable Kind kind,
            @Nullable List<RoleView> roles) {}

    record NewRoles(@Nullable List<RoleView> roles) {}

    /** @param link whoever opens it chooses the person's password; works once */
    record NewLink(URI link) {}

    /** @param days how long it works, 1 to 366; {@code null}: for ever, for services only */
    record NewTokenRequest(
            @Nullable String name,
            @Nullable Set<Permission> scopes,
            @Nullable Integer days) {}

    @GetMapping
    @Operation(summary = "People, or services, by name; next is the cursor of the page after")
    Page<PersonView> list(
            @RequestParam(name = "kind", defaultValue = "person") String kind,
            @RequestParam(name = "after", defaultValue = "") String after,
            @RequestParam(name = "limit", defaultValue = "50") int limit) {
        List<Person> some = store.list(kind(kind), after, Page.limit(limit) + 1);
        return Page.of(some, Page.limit(limit), Person::name, people::view);
    }

    @PostMapping
    @Operation(summary = "Adds a person, who needs a link then, or a service, which needs a token then")
    @ApiResponse(responseCode = "201", description = "Created; Location says where it is")
    ResponseEntity<PersonView> add(@RequestBody NewPerson wanted, Caller caller) {
        Person added = people.add(
                Page.required("name", wanted.name()),
                wanted.kind() == null ? Kind.PERSON : wanted.kind(),
                roles(wanted.roles()),
                caller);
        return ResponseEntity.created(URI.create("/api/v1/people/" + added.name()))
                .eTag(tag(added))
                .body(people.view(added));
    }

    @GetMapping("/{person}")
    ResponseEntity<PersonView> one(@PathVariable("person") String name) {
        Person person = store.named(name);
        return ResponseEntity.ok().eTag(tag(person)).body(people.view(person));
    }

    @PutMapping("/{person}/roles")
    @Operation(summary = "Replaces all roles; If-Match names the version that the change is based on")
    ResponseEntity<PersonView> roles(
            @PathVariable("person") String name,
            @RequestHeader(name = "If-Match", required = false) @Nullable String version,
            @RequestBody NewRoles wanted) {
        Person before = store.named(name);
        EntityTags.require(version, Long.toString(before.version()), name);
        Person person = people.roles(name, roles(wanted.roles()), before.version());
        return ResponseEntity.ok().eTag(tag(person)).body(people.view(person));
    }

    @DeleteMapping("/{person}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(summary = "Removes somebody: roles, sessions and tokens end at once, what they started goes on")
    void remove(
            @PathVariable("person") String name,
            @RequestHeader(name = "If-Match", required = false) @Nullable String version) {
        Person before = store.named(name);
        EntityTags.require(version, Long.toString(before.version()), name);
        store.remove(before.id(), before.version());
    }

    @PostMapping("/{person}/links")
    @Operation(summary = "A one-time link by which the person chooses a password; earlier ones end")
    @ApiResponse(responseCode = "201", description = "Created; it is shown once")
    ResponseEntity<NewLink> link(@PathVariable("person") String name, Caller caller) {
        URI link = SignInLinkController.address(people.link(store.named(name), caller));
        return ResponseEntity.created(link).body(new NewLink(link));
    }

    @DeleteMapping("/{person}/sessions")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(summary = "Signs somebody out everywhere")
    void signOut(@PathVariable("person") String name) {
        credentials.endSessions(store.named(name).id(), null);
    }

    @GetMapping("/{person}/tokens")
    List<TokenView> tokens(@PathVariable("person") String name) {
        return credentials.tokens(store.named(name).id()).stream()
                .map(TokenView::of)
                .toList();
    }

    @PostMapping("/{person}/tokens")
    @Operation(summary = "A token of a service, shown in this answer only")
    @ApiResponse(responseCode = "201", description = "Created; it is shown once")
    ResponseEntity<TokenView> token(
            @PathVariable("person") String name, @RequestBody NewTokenRequest wanted, Caller caller) {
        return made(people, store.named(name), wanted, caller);
    }

    static ResponseEntity<TokenView> made(People people, Person owner, NewTokenRequest wanted, Caller caller) {
        return ResponseEntity.status(HttpStatus.CREATED)
                .body(TokenView.of(people.token(
                        owner,
                        wanted.name() == null ? "" : wanted.name(),
                        wanted.scopes() == null ? Set.of() : wanted.scopes(),
                        wanted.days(),
                        caller)));
    }

    @DeleteMapping("/{person}/tokens/{token}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void revoke(@PathVariable("person") String name, @PathVariable("token") String token) {
        revoke(credentials, store.named(name).id(), token);
    }

    static void revoke(CredentialStore credentials, String personId, String token) {
        if (!credentials.revoke(personId, token)) {
            throw new ProblemException(Problem.of(ProblemCode.REQUEST_NOT_FOUND, token));
        }
    }

    private static List<RoleView> roles(@Nullable List<RoleView> given) {
        return given == null ? List.of() : given;
    }

    private static Kind kind(String word) {
        for (Kind kind : Kind.values()) {
            if (kind.word().equals(word)) {
                return kind;
            }
        }
        throw new ProblemException(Problem.of(ProblemCode.REQUEST_INVALID, "kind", "reason", "kind: person, service"));
    }

    private String tag(Person person) {
        return EntityTags.tag(Long.toString(person.version()), people.view(person));
    }
}
