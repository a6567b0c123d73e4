package dev.slipway.web.hooks;

import dev.slipway.activities.store.Push;
import dev.slipway.activities.store.PushRule;
import dev.slipway.activities.store.Reason;
import dev.slipway.workflows.run.Operation;
import dev.slipway.workflows.run.Scope;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Whether a push starts what a rule says, and if not, exactly why. Pure. */
final class Judge {
    private static final String SKIP = "[skip deploy]";

    private Judge() {}

    /**
     * @param scope what is started; {@code null}: nothing
     * @param reason why, or why not
     */
    record Judgement(@Nullable Scope scope, Reason reason) {}

    /**
     * A rule starts what its environment follows, never what was pushed: a push only says when.
     *
     * @return empty: the rule has nothing to do with that repository
     */
    static Optional<Judgement> judge(PushRule rule, Push push, Followed all) {
        if (!rule.repository().isEmpty() && !RepositoryAddress.anySame(push.repositories(), rule.repository())) {
            return Optional.empty();
        }
        Followed here = all.from(push);
        if (here.isEmpty()) {
            return rule.repository().isEmpty() ? Optional.empty() : Optional.of(not(Reason.of("nothing")));
        }
        return Optional.of(judged(rule, push, here));
    }

    private static Judgement judged(PushRule rule, Push push, Followed here) {
        if (!rule.enabled()) {
            return not(Reason.of("paused"));
        }
        if (push.message().toLowerCase(Locale.ROOT).contains(SKIP)) {
            return not(Reason.of("skip", SKIP));
        }
        String followed = String.join(", ", here.shown(push.defaultBranch()));
        boolean signal = false;
        if (push.tag()) {
            signal = !rule.tags().isEmpty() && new Globs(rule.tags()).match(push.ref());
            if (!signal && !rule.tags().isEmpty()) {
                return not(Reason.of("tag", push.ref(), String.join(", ", rule.tags())));
            }
            if (!signal && !here.follows(push)) {
                return not(Reason.of("no-tags", push.ref()));
            }
        } else {
            if (!new Globs(rule.branches()).match(push.ref())) {
                return not(Reason.of("branch", push.ref(), String.join(", ", rule.branches())));
            }
            if (!here.follows(push)) {
                return not(Reason.of("follows", followed, push.ref()));
            }
        }
        if (!rule.paths().isEmpty() && push.allFiles()) {
            Globs paths = new Globs(rule.paths());
            Optional<String> file = push.files().stream().filter(paths::match).findFirst();
            if (file.isEmpty()) {
                return not(Reason.of("paths", Integer.toString(push.files().size()), String.join(", ", rule.paths())));
            }
            return new Judgement(scope(rule, here), Reason.of("file", file.get()));
        }
        Reason reason = !rule.paths().isEmpty()
                ? Reason.of("files-unknown")
                : signal ? Reason.of("signal", push.ref(), followed) : Reason.of("match", push.ref());
        return new Judgement(scope(rule, here), reason);
    }

    /** A document that changed may have changed anything; and where nothing runs yet, a part has nothing to be a part of. */
    private static Scope scope(PushRule rule, Followed here) {
        Operation operation = rule.operation();
        return switch (rule.part()) {
            case ALL -> Scope.whole(operation);
            case NAMED -> new Scope(operation, rule.components(), false, Map.of());
            case REPOSITORY -> {
                List<String> components = here.components();
                boolean whole =
                        components.isEmpty() || operation == Operation.DEPLOY && (here.document() || !here.deployed());
                yield whole ? Scope.whole(operation) : new Scope(operation, components, false, Map.of());
            }
        };
    }

    private static Judgement not(Reason reason) {
        return new Judgement(null, reason);
    }
}
