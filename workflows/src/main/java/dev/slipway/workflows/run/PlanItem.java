package dev.slipway.workflows.run;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One line of a plan.
 *
 * @param subject {@code component/orders} for a build or reuse of its image, {@code Deployment/orders} for an object
 * @param component whose line it is; {@code null} for what belongs to the environment as a whole
 * @param fields what changes, for {@link Action#CHANGE}; why, for {@link Action#BUILD} (commit, builder)
 */
public record PlanItem(String subject, @Nullable String component, Action action, List<FieldChange> fields) {
    public enum Action {
        CREATE,
        CHANGE,
        KEEP,
        DELETE,
        BUILD,
        REUSE,
        COPY,
        SHARE,
        /** Its pods are replaced, and nothing else. */
        RESTART,
        /** A dependency that is not part of the run and not well: nobody waits for it. */
        UNAWAITED;

        @JsonValue
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * A field before and after. Values of secrets are {@code ***}.
     *
     * @param from {@code null}: the field is new
     * @param to {@code null}: the field goes
     */
    public record FieldChange(
            String path, @Nullable String from, @Nullable String to) {}

    public PlanItem {
        fields = List.copyOf(fields);
    }
}
