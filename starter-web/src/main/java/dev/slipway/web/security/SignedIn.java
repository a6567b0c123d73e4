package dev.slipway.web.security;

import java.util.List;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.authority.SimpleGrantedAuthority;

/** Who somebody is once let in. */
final class SignedIn {
    static final String ADMIN = "ADMIN";

    private SignedIn() {}

    /** An administrator; the name is what the audit shows. */
    static Authentication admin(String name) {
        return UsernamePasswordAuthenticationToken.authenticated(
                name, "", List.of(new SimpleGrantedAuthority("ROLE_" + ADMIN)));
    }
}
