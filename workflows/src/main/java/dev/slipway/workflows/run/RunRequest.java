package dev.slipway.workflows.run;

import org.jspecify.annotations.Nullable;

/**
 * What somebody asks for. The same for pages, API and everything that will start runs later.
 *
 * @param scope which part of the environment it is about; its operation is the request's
 * @param actor who asks, for the list of runs and the audit
 * @param plan hash of the plan that the person saw; {@code null}: none was shown. A run whose own plan differs ends
 *     {@link Outcome#REFUSED}
 * @param onConflict what becomes of fields that somebody else has set
 * @param onFailure what becomes of it when a step fails for good
 * @param answerWithin seconds that its questions wait for an answer; 0: as long as usual
 * @param idempotencyKey unique per environment: a second request with the same key is the same run
 */
public record RunRequest(
        Scope scope,
        String environmentId,
        Trigger trigger,
        String actor,
        @Nullable String plan,
        OnConflict onConflict,
        OnFailure onFailure,
        int answerWithin,
        String idempotencyKey) {
    /** One that nobody looks at: it asks nothing. */
    public RunRequest(
            Scope scope,
            String environmentId,
            Trigger trigger,
            String actor,
            @Nullable String plan,
            OnConflict onConflict,
            String idempotencyKey) {
        this(scope, environmentId, trigger, actor, plan, onConflict, OnFailure.STOP, 0, idempotencyKey);
    }

    /** As somebody who looks at it wants it: it asks when a step fails for good. */
    public RunRequest attended() {
        return new RunRequest(
                scope, environmentId, trigger, actor, plan, onConflict, OnFailure.ASK, answerWithin, idempotencyKey);
    }

    /** About the whole environment; stops at conflicts. */
    public RunRequest(
            Operation operation,
            String environmentId,
            Trigger trigger,
            String actor,
            @Nullable String plan,
            String idempotencyKey) {
        this(Scope.whole(operation), environmentId, trigger, actor, plan, OnConflict.STOP, idempotencyKey);
    }

    public Operation operation() {
        return scope.operation();
    }
}
