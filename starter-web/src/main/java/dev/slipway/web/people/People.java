package dev.slipway.web.people;

import dev.slipway.activities.store.ApplicationStore;
import dev.slipway.activities.store.CredentialStore;
import dev.slipway.activities.store.CredentialStore.NewToken;
import dev.slipway.activities.store.EnvironmentStore;
import dev.slipway.activities.store.EnvironmentStore.StoredEnvironment;
import dev.slipway.activities.store.PersonStore;
import dev.slipway.activities.store.PersonStore.Kind;
import dev.slipway.activities.store.PersonStore.Person;
import dev.slipway.web.access.Caller;
import dev.slipway.web.audit.Audit;
import dev.slipway.web.audit.AuditSubject;
import dev.slipway.web.security.Passwords;
import dev.slipway.workflows.people.Grant;
import dev.slipway.workflows.people.Permission;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** What pages and API do with people: the same rules for both. */
@Component
final class People {
    private static final Duration INVITATION = Duration.ofDays(7);
    private static final Duration RESET = Duration.ofDays(1);
    private static final int LONGEST_TOKEN_NAME = 80;
    private static final int MOST_DAYS = 366;

    private final PersonStore people;
    private final Audit audit;
    private final CredentialStore credentials;
    private final ApplicationStore applications;
    private final EnvironmentStore environments;

    People(
            PersonStore people,
            CredentialStore credentials,
            ApplicationStore applications,
            EnvironmentStore environments,
            Audit audit) {
        this.audit = audit;
        this.people = people;
        this.credentials = credentials;
        this.applications = applications;
        this.environments = environments;
    }

    /** @throws ProblemException {@code SLP-PEOPLE-NAME}, {@code SLP-PEOPLE-EXISTS}, names of places that are unknown: all at once */
    Person add(String name, Kind kind, List<RoleView> roles, Caller by) {
        String given = name.strip().toLowerCase(Locale.ROOT);
        List<Problem> problems = new ArrayList<>(Passwords.checkName(given));
        Set<Grant> grants = grants(roles, problems);
        if (!problems.isEmpty()) {
            throw new ProblemException(problems);
        }
        // A page answers with the link itself, so that no address tells whom it was about.
        return audit.act(
                by,
                "people.create",
                new AuditSubject("people", given, ""),
                () -> people.add(given, kind, grants, by.name()),
                added -> kind.word() + " " + given);
    }

    /**
     * Replaces all roles.
     *
     * @throws ProblemException {@code SLP-PEOPLE-CHANGED}, {@code SLP-PEOPLE-LAST-ADMIN}, names of places that are unknown
     */
    Person roles(String name, List<RoleView> roles, long version) {
        List<Problem> problems = new ArrayList<>();
        Set<Grant> grants = grants(roles, problems);
        if (!problems.isEmpty()) {
            throw new ProblemException(problems);
        }
        return people.replaceGrants(people.named(name).id(), grants, version);
    }

    private Set<Grant> grants(List<RoleView> roles, List<Problem> problems) {
        Set<Grant> grants = new LinkedHashSet<>();
        for (RoleView wanted : roles) {
            try {
                grants.add(grant(wanted));
            } catch (ProblemException unknown) {
                problems.addAll(unknown.problems());
            }
        }
        return grants;
    }

    private Grant grant(RoleView wanted) {
        String environment = wanted.environment();
        if (environment != null) {
            StoredEnvironment found =
                    environments.byName(environment).orElseThrow(() -> EnvironmentStore.unknown(environment));
            return Grant.environment(wanted.role(), found.applicationId(), found.id());
        }
        String application = wanted.application();
        return application == null
                ? Grant.everywhere(wanted.role())
                : Grant.application(
                        wanted.role(),
                        applications
                                .byName(application)
                                .orElseThrow(() -> new ProblemException(
                                        Problem.of(ProblemCode.APPLICATION_UNKNOWN, application, "name", application)))
                                .id());
    }

    /** The end of the address by which a person chooses a password; earlier ones end. */
    String link(Person person, Caller by) {
        if (person.kind() == Kind.SERVICE) {
            throw new ProblemException(
                    Problem.of(ProblemCode.REQUEST_INVALID, person.name(), "reason", "a service has no password"));
        }
        return people.link(person.id(), by.name(), person.hasPassword() ? RESET : INVITATION);
    }

    /**
     * A new token for somebody: a person makes their own, an administrator those of services.
     *
     * @param days how long it works; {@code null}: for ever, for services only
     * @throws ProblemException {@code SLP-PEOPLE-TOKEN}
     */
    NewToken token(Person owner, String name, Set<Permission> scopes, @Nullable Integer days, Caller by) {
        boolean own = owner.id().equals(by.userId());
        if (!own && owner.kind() == Kind.PERSON) {
            throw refused("a person makes their own tokens");
        }
        if (name.isBlank() || name.strip().length() > LONGEST_TOKEN_NAME) {
            throw refused("name");
        }
        if (scopes.isEmpty() || !by.scopes().containsAll(scopes)) {
            throw refused("scopes");
        }
        if (days == null ? owner.kind() == Kind.PERSON : days < 1 || days > MOST_DAYS) {
            throw refused("days");
        }
        return credentials.issue(
                owner.id(),
                name.strip(),
                EnumSet.copyOf(scopes),
                days == null ? null : Instant.now().plus(Duration.ofDays(days)),
                by.name());
    }

    private static ProblemException refused(String reason) {
        return new ProblemException(Problem.of(ProblemCode.PEOPLE_TOKEN, reason, "reason", reason));
    }

    PersonView view(Person person) {
        return new PersonView(
                person.name(),
                person.kind(),
                person.kind() == Kind.PERSON && !person.hasPassword(),
                roles(person.id()),
                person.version(),
                person.createdAt(),
                person.createdBy());
    }

    List<RoleView> roles(String personId) {
        return people.grants(personId).stream().map(this::view).toList();
    }

    private RoleView view(Grant grant) {
        if (grant.environmentId() != null) {
            return new RoleView(
                    grant.role(), null, environments.byId(grant.environmentId()).name());
        }
        return new RoleView(
                grant.role(),
                grant.applicationId() == null
                        ? null
                        : applications.byId(grant.applicationId()).name(),
                null);
    }
}
