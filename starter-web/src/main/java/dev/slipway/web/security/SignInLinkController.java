package dev.slipway.web.security;

import dev.slipway.activities.store.PersonStore;
import dev.slipway.web.access.Caller;
import dev.slipway.web.access.Needs;
import dev.slipway.web.access.Needs.At;
import dev.slipway.workflows.people.Permission;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import java.net.URI;
import java.time.Duration;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.support.ServletUriComponentsBuilder;

/** A link for another administrator, for whoever holds a token that may: the way in when nobody has one any more. */
@RestController
@Needs(value = Permission.PEOPLE, at = At.EVERYWHERE)
public final class SignInLinkController {
    static final Duration VALID = Duration.ofHours(1);

    private final PersonStore people;

    SignInLinkController(PersonStore people) {
        this.people = people;
    }

    /**
     * @param link whoever opens it chooses a name and a password and is an administrator; works once
     * @param valid how long it works
     */
    record NewLink(URI link, Duration valid) {}

    @PostMapping("/api/v1/sign-in-links")
    @ApiResponse(responseCode = "201", description = "Created; it is shown once")
    ResponseEntity<NewLink> issue(Caller caller) {
        URI link = address(people.link(null, caller.name(), VALID));
        return ResponseEntity.created(link).body(new NewLink(link, VALID));
    }

    /** The whole of a link, as the caller of this request reaches Slipway. @param end as the store gave it */
    public static URI address(String end) {
        return ServletUriComponentsBuilder.fromCurrentContextPath()
                .pathSegment("sign-in", end)
                .build()
                .toUri();
    }
}
