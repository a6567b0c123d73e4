package dev.slipway.activities.store;

import java.util.Set;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;

/**
 * What of the installation somebody may see, for lists.
 *
 * @param everything the sets say nothing then
 * @param applications seen with all their environments
 * @param environments seen by themselves, with the document of their application
 */
public record Sight(boolean everything, Set<String> applications, Set<String> environments) {
    public static final Sight EVERYTHING = new Sight(true, Set.of(), Set.of());

    /** A condition on {@code environment e}; {@link #bind} gives its values. */
    static final String OF_ENVIRONMENT =
            " (:everything or e.application_id = any(:applications) or e.id = any(:environments)) ";

    /** A condition on {@code application a}; {@link #bind} gives its values. */
    static final String OF_APPLICATION = """
             (:everything or a.id = any(:applications)
                or exists (select 1 from environment seen where seen.application_id = a.id and seen.id = any(:environments)))
            """;

    public Sight {
        applications = Set.copyOf(applications);
        environments = Set.copyOf(environments);
    }

    public boolean sees(String applicationId, String environmentId) {
        return everything || applications.contains(applicationId) || environments.contains(environmentId);
    }

    StatementSpec bind(StatementSpec statement) {
        return statement
                .param("everything", everything)
                .param("applications", applications.toArray(String[]::new))
                .param("environments", environments.toArray(String[]::new));
    }
}
