package dev.slipway.web.access;

import dev.slipway.workflows.people.Grant;
import dev.slipway.workflows.people.Permission;
import dev.slipway.workflows.people.Role;
import dev.slipway.workflows.people.Subject;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import dev.slipway.workflows.run.Trigger;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who asks, through which door.
 *
 * @param userId {@code null}: no person of the list (the bootstrap token, the sign-in link of the console, a hook)
 * @param name what runs and the audit show; never used again for somebody else
 * @param door through which the request came
 * @param grants what the person may do, as of this request
 * @param scopes what of it a token may be used for; of a session everything
 * @param tokenId {@code null}: signed in otherwise
 * @param address where the request came from; empty: from inside
 */
public record Caller(
        @Nullable String userId,
        String name,
        Trigger door,
        List<Grant> grants,
        Set<Permission> scopes,
        @Nullable String tokenId,
        String address) {
    public Caller {
        grants = List.copyOf(grants);
        scopes = Set.copyOf(scopes);
    }

    /** May do everything: the bootstrap token, the link of the console. */
    public static Caller admin(String name, Trigger door, String address) {
        return new Caller(
                null,
                name,
                door,
                List.of(Grant.everywhere(Role.ADMIN)),
                EnumSet.allOf(Permission.class),
                null,
                address);
    }

    /**
     * The id of the person or service.
     *
     * @throws ProblemException {@code SLP-PEOPLE-UNKNOWN}: it is none of the list
     */
    public String person() {
        if (userId == null) {
            throw new ProblemException(Problem.of(ProblemCode.PEOPLE_UNKNOWN, "", "name", name));
        }
        return userId;
    }

    public boolean may(Permission permission, Subject subject) {
        return scopes.contains(permission)
                && grants.stream().anyMatch(grant -> grant.role().permits(permission) && grant.reaches(subject));
    }

    /** Somewhere at least. */
    public boolean mayAnywhere(Permission permission) {
        return scopes.contains(permission)
                && grants.stream().anyMatch(grant -> grant.role().permits(permission));
    }
}
