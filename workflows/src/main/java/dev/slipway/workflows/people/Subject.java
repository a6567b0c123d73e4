package dev.slipway.workflows.people;

import org.jspecify.annotations.Nullable;

/**
 * What somebody wants to do something to.
 *
 * @param applicationId {@code null}: the whole installation
 * @param environmentId {@code null}: the application itself
 */
public record Subject(
        @Nullable String applicationId, @Nullable String environmentId) {
    public static final Subject INSTALLATION = new Subject(null, null);

    public static Subject application(String applicationId) {
        return new Subject(applicationId, null);
    }

    public static Subject environment(String applicationId, String environmentId) {
        return new Subject(applicationId, environmentId);
    }
}
