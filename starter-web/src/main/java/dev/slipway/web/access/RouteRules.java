package dev.slipway.web.access;

import dev.slipway.activities.store.ApplicationStore;
import dev.slipway.activities.store.BuildStore;
import dev.slipway.activities.store.EnvironmentStore;
import dev.slipway.activities.store.EnvironmentStore.StoredEnvironment;
import dev.slipway.workflows.people.Permission;
import dev.slipway.workflows.people.Subject;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.HandlerMapping;

/**
 * Asks {@link Access} before a route is entered, by the rule that the route states. What somebody may not see is not there for
 * them: the answer is that of a name that nobody gave.
 */
final class RouteRules implements HandlerInterceptor {
    private static final List<Class<? extends Annotation>> KINDS =
            List.of(Needs.class, SignedInOnly.class, OpenToAll.class);

    private final Access access;
    private final ApplicationStore applications;
    private final EnvironmentStore environments;
    private final BuildStore builds;

    RouteRules(Access access, ApplicationStore applications, EnvironmentStore environments, BuildStore builds) {
        this.access = access;
        this.applications = applications;
        this.environments = environments;
        this.builds = builds;
    }

    /** The rule of a route of ours; empty: it has none. */
    static Optional<Annotation> rule(HandlerMethod route) {
        for (AnnotatedElement place : List.of(route.getMethod(), route.getBeanType())) {
            for (Class<? extends Annotation> kind : KINDS) {
                Annotation rule = AnnotatedElementUtils.findMergedAnnotation(place, kind);
                if (rule != null) {
                    return Optional.of(rule);
                }
            }
        }
        return Optional.empty();
    }

    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
        if (request.getDispatcherType() == DispatcherType.REQUEST
                && handler instanceof HandlerMethod route
                && rule(route).orElse(null) instanceof Needs needs) {
            Caller caller = Callers.of(request);
            Subject subject = require(caller, needs, request);
            request.setAttribute("may", new Offers(caller, subject));
        }
        return true;
    }

    private Subject require(Caller caller, Needs needs, HttpServletRequest request) {
        return switch (needs.at()) {
            case ANYWHERE -> {
                access.requireAnywhere(caller, needs.value());
                yield Subject.INSTALLATION;
            }
            case EVERYWHERE -> {
                access.require(caller, needs.value(), Subject.INSTALLATION);
                yield Subject.INSTALLATION;
            }
            case APPLICATION -> application(caller, needs.value(), name(request, "application", "name"), request);
            case ENVIRONMENT -> {
                String name = name(request, "environment", "name");
                yield environment(
                        caller,
                        needs.value(),
                        environments.byName(name),
                        () -> EnvironmentStore.unknown(name),
                        request);
            }
            case RUN -> {
                String id = name(request, "run", "id");
                yield environment(
                        caller,
                        needs.value(),
                        environments.ofRun(id),
                        () -> new ProblemException(Problem.of(ProblemCode.RUN_UNKNOWN, id, "run", id)),
                        request);
            }
            case BUILD -> build(caller, needs.value(), name(request, "build", "id"), request);
        };
    }

    private Subject environment(
            Caller caller,
            Permission permission,
            Optional<StoredEnvironment> found,
            Supplier<ProblemException> unknown,
            HttpServletRequest request) {
        StoredEnvironment environment = found.orElseThrow(unknown);
        Subject subject = Subject.environment(environment.applicationId(), environment.id());
        if (!caller.may(Permission.VIEW, subject) && caller.scopes().contains(Permission.VIEW)) {
            Callers.noteHidden(request);
            throw unknown.get();
        }
        access.require(caller, permission, subject);
        return subject;
    }

    private Subject application(Caller caller, Permission permission, String name, HttpServletRequest request) {
        String id = applications
                .byName(name)
                .orElseThrow(() -> ApplicationStore.unknown(name))
                .id();
        boolean seen = caller.grants().stream()
                .anyMatch(grant ->
                        grant.applicationId() == null || grant.applicationId().equals(id));
        if (!seen) {
            Callers.noteHidden(request);
            throw ApplicationStore.unknown(name);
        }
        // Who sees one environment of it sees what it is made of.
        if (permission != Permission.VIEW || !caller.scopes().contains(permission)) {
            access.require(caller, permission, Subject.application(id));
        }
        return Subject.application(id);
    }

    private Subject build(Caller caller, Permission permission, String id, HttpServletRequest request) {
        access.requireAnywhere(caller, permission);
        if (!builds.seen(id, access.sight(caller))) {
            Callers.noteHidden(request);
            throw new ProblemException(Problem.of(ProblemCode.BUILD_UNKNOWN, id, "build", id));
        }
        return Subject.INSTALLATION;
    }

    private static String name(HttpServletRequest request, String... variables) {
        Object all = request.getAttribute(HandlerMapping.URI_TEMPLATE_VARIABLES_ATTRIBUTE);
        for (String variable : variables) {
            @Nullable Object value = all instanceof Map<?, ?> values ? values.get(variable) : null;
            if (value instanceof String text) {
                return text;
            }
        }
        throw new IllegalStateException("the rule of this route needs a path variable " + variables[0]);
    }
}
