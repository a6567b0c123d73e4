package dev.slipway.web.people;

import dev.slipway.activities.store.PersonStore.Kind;
import java.time.Instant;
import java.util.List;

/**
 * Somebody, as API and pages show them.
 *
 * @param invited has not chosen a password yet
 * @param version counts the changes of roles; a change names the one it is based on
 */
public record PersonView(
        String name,
        Kind kind,
        boolean invited,
        List<RoleView> roles,
        long version,
        Instant createdAt,
        String createdBy) {
    public PersonView {
        roles = List.copyOf(roles);
    }
}
