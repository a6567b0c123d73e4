package dev.slipway.web.access;

import dev.slipway.workflows.people.Permission;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The rule of a route: what its caller must be permitted. On a method or, for all its methods, on a controller. A route
 * without a rule keeps Slipway from starting.
 */
@Target({ElementType.METHOD, ElementType.TYPE})
@Retention(RetentionPolicy.RUNTIME)
public @interface Needs {
    Permission value();

    At at();

    /** What the permission is needed for. */
    enum At {
        /** Anywhere at all: lists, which show only what their reader may see, and forms that name their subject themselves. */
        ANYWHERE,
        /** The whole installation. */
        EVERYWHERE,
        /** The application that the path names as {@code application} or {@code name}. */
        APPLICATION,
        /** The environment that the path names as {@code environment} or {@code name}. */
        ENVIRONMENT,
        /** The environment of the run that the path names as {@code run} or {@code id}. */
        RUN,
        /** An environment for which the build that the path names as {@code build} or {@code id} was made. */
        BUILD
    }
}
