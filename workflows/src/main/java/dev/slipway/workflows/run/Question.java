package dev.slipway.workflows.run;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.slipway.workflows.problem.Problem;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The only way a run asks a person.
 *
 * @param id unique within the run: {@code deploy/orders#1}
 * @param step that asks; {@code null}: the run as a whole
 * @param choices in the order in which they are offered
 * @param problem why it asks; {@code null}: no problem is the reason
 * @param form what {@link Choice#EDIT} may change; empty without that choice
 * @param askedAt milliseconds since the epoch
 * @param deadline likewise: then {@code otherwise} is taken; 0: it waits as long as it takes
 * @param answer {@code null}: it is open
 */
public record Question(
        String id,
        Kind kind,
        @Nullable String step,
        List<Choice> choices,
        @Nullable Problem problem,
        List<FormField> form,
        long askedAt,
        long deadline,
        Choice otherwise,
        @Nullable Answer answer) {
    /** What it is about. */
    public enum Kind {
        /** A step has failed for good. */
        FAILURE("failure"),
        /** The plan wants somebody's consent before anything is written. */
        APPROVAL("approval"),
        /** The plan is not the one that was agreed to. */
        PLAN_CHANGED("planChanged");

        private final String word;

        Kind(String word) {
            this.word = word;
        }

        @JsonValue
        public String word() {
            return word;
        }
    }

    public Question {
        choices = List.copyOf(choices);
        form = List.copyOf(Objects.requireNonNullElse(form, List.of()));
    }

    public Question answered(Answer by) {
        return new Question(id, kind, step, choices, problem, form, askedAt, deadline, otherwise, by);
    }

    @JsonIgnore
    public boolean open() {
        return answer == null;
    }
}
