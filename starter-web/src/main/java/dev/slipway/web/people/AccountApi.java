package dev.slipway.web.people;

import dev.slipway.activities.store.CredentialStore;
import dev.slipway.activities.store.CredentialStore.Session;
import dev.slipway.activities.store.PersonStore;
import dev.slipway.activities.store.PersonStore.Person;
import dev.slipway.web.access.Caller;
import dev.slipway.web.access.SignedInOnly;
import dev.slipway.web.people.PeopleApi.NewTokenRequest;
import dev.slipway.workflows.people.Permission;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** The caller's own account over the API. */
@RestController
@SignedInOnly
@RequestMapping("/api/v1/me")
@Tag(name = "people")
final class AccountApi {
    private final People people;
    private final PersonStore store;
    private final CredentialStore credentials;

    AccountApi(People people, PersonStore store, CredentialStore credentials) {
        this.people = people;
        this.store = store;
        this.credentials = credentials;
    }

    /** @param scopes what may be done with the credential of this request, of all that the roles permit */
    record Me(String name, List<RoleView> roles, List<Permission> scopes) {}

    @GetMapping
    @Operation(summary = "Who I am, and what I may do")
    Me me(Caller caller) {
        return new Me(
                caller.name(),
                caller.userId() == null
                        ? List.of(new RoleView(caller.grants().get(0).role(), null, null))
                        : people.roles(caller.userId()),
                caller.scopes().stream().sorted().toList());
    }

    @GetMapping("/tokens")
    List<TokenView> tokens(Caller caller) {
        return credentials.tokens(caller.person()).stream().map(TokenView::of).toList();
    }

    @PostMapping("/tokens")
    @Operation(summary = "A token of my own, shown in this answer only; it can do no more than the one that makes it")
    @ApiResponse(responseCode = "201", description = "Created; it is shown once")
    ResponseEntity<TokenView> token(@RequestBody NewTokenRequest wanted, Caller caller) {
        return PeopleApi.made(people, person(caller), wanted, caller);
    }

    @DeleteMapping("/tokens/{token}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void revoke(@PathVariable("token") String token, Caller caller) {
        PeopleApi.revoke(credentials, caller.person(), token);
    }

    @GetMapping("/sessions")
    List<Session> sessions(Caller caller) {
        return credentials.sessions(caller.person());
    }

    @DeleteMapping("/sessions/{session}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void end(@PathVariable("session") String session, Caller caller) {
        if (!credentials.endSession(caller.person(), session)) {
            throw new ProblemException(Problem.of(ProblemCode.REQUEST_NOT_FOUND, session));
        }
    }

    private Person person(Caller caller) {
        return store.byId(caller.person());
    }
}
