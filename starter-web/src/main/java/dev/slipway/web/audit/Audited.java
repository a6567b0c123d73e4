package dev.slipway.web.audit;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The action of a route, where its path does not give a good word by itself. Also makes a route audited that changes nothing,
 * such as an export.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface Audited {
    /** {@code environment.create}. */
    String value();
}
