package dev.slipway.web.security;

import dev.slipway.web.access.Needs;
import dev.slipway.web.access.Needs.At;
import dev.slipway.workflows.people.Permission;
import java.net.URI;
import java.time.Duration;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.support.ServletUriComponentsBuilder;

/** New one-time links, for whoever has a token: after the first was used or has expired. */
@RestController
@Needs(value = Permission.PEOPLE, at = At.EVERYWHERE)
final class SignInLinkController {
    private final SignInLinks links;

    SignInLinkController(SignInLinks links) {
        this.links = links;
    }

    /**
     * @param link signs one person in, once
     * @param valid how long it works
     */
    record NewLink(URI link, Duration valid) {}

    @PostMapping("/api/v1/sign-in-links")
    ResponseEntity<NewLink> issue() {
        URI link = ServletUriComponentsBuilder.fromCurrentContextPath()
                .pathSegment("sign-in", links.issue())
                .build()
                .toUri();
        return ResponseEntity.created(link).body(new NewLink(link, SignInLinks.VALID));
    }
}
