package dev.slipway.web.people;

import dev.slipway.workflows.people.Role;
import org.jspecify.annotations.Nullable;

/**
 * A role and where somebody has it, by names.
 *
 * @param application {@code null}: everywhere, or see {@code environment}
 * @param environment {@code null}: all of the application, or everywhere
 */
public record RoleView(
        Role role, @Nullable String application, @Nullable String environment) {
    private static final String EVERYWHERE = "everywhere";

    /** {@code everywhere}, {@code application/shop}, {@code environment/shop-dev}: as forms have it. */
    public String where() {
        if (environment != null) {
            return "environment/" + environment;
        }
        return application == null ? EVERYWHERE : "application/" + application;
    }

    /** What a form says, in the shape of the API; a place that can't be read is an application nobody has. */
    static RoleView of(Role role, String where) {
        String place = where.strip();
        if (place.equals(EVERYWHERE)) {
            return new RoleView(role, null, null);
        }
        return place.startsWith("environment/")
                ? new RoleView(role, null, place.substring("environment/".length()))
                : new RoleView(role, place.replaceFirst("^application/", ""), null);
    }
}
