package dev.slipway.workflows.people;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** What somebody is, everywhere or for an application or an environment (issue 6). */
public enum Role {
    VIEWER(EnumSet.of(Permission.VIEW)),
    DEVELOPER(EnumSet.of(Permission.VIEW, Permission.DEPLOY, Permission.EDIT)),
    OPERATOR(EnumSet.of(Permission.VIEW, Permission.DEPLOY, Permission.EDIT, Permission.OPERATE)),
    APPROVER(EnumSet.of(Permission.VIEW, Permission.APPROVE)),
    ADMIN(EnumSet.allOf(Permission.class));

    private final Set<Permission> permissions;

    Role(EnumSet<Permission> permissions) {
        this.permissions = Collections.unmodifiableSet(permissions);
    }

    public Set<Permission> permissions() {
        return permissions;
    }

    public boolean permits(Permission permission) {
        return permissions.contains(permission);
    }

    /** The word of API, pages and store. */
    @JsonValue
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<Role> of(String word) {
        return Arrays.stream(values())
                .filter(known -> known.word().equals(word))
                .findFirst();
    }
}
