package dev.slipway.web.access;

import dev.slipway.activities.store.Sight;
import dev.slipway.workflows.people.Grant;
import dev.slipway.workflows.people.Permission;
import dev.slipway.workflows.people.Role;
import dev.slipway.workflows.people.Subject;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import dev.slipway.workflows.run.Operation;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/**
 * The one authorisation point: whatever is asked for, by page, API, hook or chat, is allowed or refused here (DESIGN section 4).
 * What somebody may is read anew for every request, so that what was taken away is gone at once.
 */
@Component
public final class Access {
    /** What an operation needs in its environment. */
    public static Permission of(Operation operation) {
        return operation == Operation.DESTROY ? Permission.OPERATE : Permission.DEPLOY;
    }

    /** @throws ProblemException {@code SLP-AUTH-NOT-PERMITTED}, {@code SLP-AUTH-TOKEN-SCOPE}, with what is missing and who could do it */
    public void require(Caller caller, Permission permission, Subject subject) {
        if (!caller.may(permission, subject)) {
            throw refusal(caller, permission);
        }
    }

    /** @throws ProblemException {@code SLP-AUTH-NOT-PERMITTED}, {@code SLP-AUTH-TOKEN-SCOPE} */
    public void requireAnywhere(Caller caller, Permission permission) {
        if (!caller.mayAnywhere(permission)) {
            throw refusal(caller, permission);
        }
    }

    /** What lists show to somebody. */
    public Sight sight(Caller caller) {
        Set<String> applications = new HashSet<>();
        Set<String> environments = new HashSet<>();
        if (caller.scopes().contains(Permission.VIEW)) {
            for (Grant grant : caller.grants()) {
                if (grant.applicationId() == null) {
                    return Sight.EVERYTHING;
                }
                if (grant.environmentId() == null) {
                    applications.add(grant.applicationId());
                } else {
                    environments.add(grant.environmentId());
                }
            }
        }
        return new Sight(false, applications, environments);
    }

    private static ProblemException refusal(Caller caller, Permission permission) {
        boolean scope = !caller.scopes().contains(permission);
        String roles = Arrays.stream(Role.values())
                .filter(role -> role.permits(permission))
                .map(Role::word)
                .collect(Collectors.joining(", "));
        return new ProblemException(Problem.of(
                scope ? ProblemCode.TOKEN_SCOPE : ProblemCode.NOT_PERMITTED,
                "",
                "who",
                caller.name(),
                "permission",
                permission.word(),
                "roles",
                roles));
    }
}
