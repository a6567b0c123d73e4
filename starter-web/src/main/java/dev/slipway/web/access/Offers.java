package dev.slipway.web.access;

import dev.slipway.workflows.people.Permission;
import dev.slipway.workflows.people.Subject;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a page offers its reader, by the words of {@link Permission}: the same answers that {@link Access} gives when it is done.
 *
 * @param caller {@code null}: nobody has signed in
 * @param here what the page is about
 */
public record Offers(@Nullable Caller caller, Subject here) {
    /** To what the page is about: the environment or application of its address, else the whole installation. */
    public boolean here(String permission) {
        return caller != null && caller.may(of(permission), here);
    }

    public boolean everywhere(String permission) {
        return caller != null && caller.may(of(permission), Subject.INSTALLATION);
    }

    public boolean anywhere(String permission) {
        return caller != null && caller.mayAnywhere(of(permission));
    }

    public boolean application(String permission, String applicationId) {
        return caller != null && caller.may(of(permission), Subject.application(applicationId));
    }

    public boolean environment(String permission, String applicationId, String environmentId) {
        return caller != null && caller.may(of(permission), Subject.environment(applicationId, environmentId));
    }

    private static Permission of(String word) {
        return Permission.valueOf(word.toUpperCase(Locale.ROOT));
    }
}
