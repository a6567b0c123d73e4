package dev.slipway.workflows.run;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One line of a plan.
 *
 * @param subject {@code component/orders} for a build or reuse of its image, {@code Deployment/orders} for an object
 * @param component whose line it is; {@code null} for what belongs to the environment as a whole
 * @param fields what changes, for {@link Action#CHANGE} and {@link Action#RECREATE}; why, for {@link Action#BUILD} (commit,
 *     builder) and for a job that is kept ({@link #COMPLETED})
 * @param conflicts fields that somebody else has set to another value
 */
public record PlanItem(
        String subject, @Nullable String component, Action action, List<FieldChange> fields, List<Conflict> conflicts) {
    /** Path of a kept job's field that says that it has completed earlier and is not run again. */
    public static final String COMPLETED = "status.completed";

    /** Path of a build's field that names a registry whose login, with all that it may do, its Dockerfile can read. */
    public static final String WIDE_LOGIN = "build.login";

    public enum Action {
        CREATE,
        CHANGE,
        KEEP,
        DELETE,
        /** Deleted and made anew, as something of it cannot be changed. */
        RECREATE,
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

    /**
     * A field that somebody else has set. Values of secrets are {@code ***}.
     *
     * @param manager who, as the cluster knows them: {@code kube-controller-manager}, {@code kubectl-edit}
     * @param theirs the value that is there; {@code null}: none
     * @param ours the value that is wished; {@code null}: none
     */
    public record Conflict(
            String field,
            String manager,
            @Nullable String theirs,
            @Nullable String ours,
            Decision decision) {}

    /** What becomes of a conflict. */
    public enum Decision {
        /** Nobody has decided: the run is refused. */
        STOP,
        TAKE,
        LEAVE,
        /** Changed by hand: put right, as the plan shows. */
        RESTORE;

        @JsonValue
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public PlanItem {
        fields = List.copyOf(fields);
        // Plans of before have none.
        conflicts = List.copyOf(Objects.requireNonNullElse(conflicts, List.of()));
    }

    /** A job that has completed earlier and is not run again. */
    public boolean completed() {
        return action == Action.KEEP
                && fields.stream().anyMatch(field -> field.path().equals(COMPLETED));
    }

    public PlanItem(String subject, @Nullable String component, Action action, List<FieldChange> fields) {
        this(subject, component, action, fields, List.of());
    }
}
