package dev.slipway.workflows.people;

import org.jspecify.annotations.Nullable;

/**
 * A role and where it holds.
 *
 * @param applicationId the application it holds for, or that of the environment; {@code null}: everywhere
 * @param environmentId the one environment it holds for; {@code null}: all of the application
 */
public record Grant(
        Role role, @Nullable String applicationId, @Nullable String environmentId) {
    public Grant {
        if (environmentId != null && applicationId == null) {
            throw new IllegalArgumentException("an environment belongs to an application");
        }
    }

    public static Grant everywhere(Role role) {
        return new Grant(role, null, null);
    }

    public static Grant application(Role role, String applicationId) {
        return new Grant(role, applicationId, null);
    }

    public static Grant environment(Role role, String applicationId, String environmentId) {
        return new Grant(role, applicationId, environmentId);
    }

    /** Whether it says anything about that subject. */
    public boolean reaches(Subject subject) {
        return applicationId == null
                || applicationId.equals(subject.applicationId())
                        && (environmentId == null || environmentId.equals(subject.environmentId()));
    }
}
