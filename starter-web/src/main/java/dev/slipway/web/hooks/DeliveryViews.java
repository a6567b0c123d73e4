package dev.slipway.web.hooks;

import dev.slipway.activities.store.DeliveryStore;
import dev.slipway.activities.store.DeliveryStore.State;
import dev.slipway.activities.store.DeliveryStore.StoredDelivery;
import dev.slipway.activities.store.DeliveryStore.StoredResult;
import dev.slipway.activities.store.Push;
import dev.slipway.activities.store.Reason;
import dev.slipway.web.hooks.DeliveryView.PushView;
import dev.slipway.web.hooks.DeliveryView.ReasonView;
import dev.slipway.web.hooks.DeliveryView.ResultView;
import dev.slipway.web.problems.ProblemTexts;
import dev.slipway.web.shell.Page;
import dev.slipway.web.shell.Wordings;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Puts together how deliveries are shown. */
@Component
final class DeliveryViews {
    private final DeliveryStore store;
    private final ProblemTexts texts;
    private final Wordings wordings;

    DeliveryViews(DeliveryStore store, ProblemTexts texts, Wordings wordings) {
        this.store = store;
        this.texts = texts;
        this.wordings = wordings;
    }

    /**
     * Newest first.
     *
     * @param hook {@code null}: of all
     * @param after cursor of the page before; {@code null}: the first
     */
    Page<DeliveryView> list(@Nullable String hook, @Nullable String after, int limit, Locale locale) {
        List<StoredDelivery> some = store.list(hook, before(after), limit + 1);
        Map<String, List<StoredResult>> results = store
                .results(some.stream().map(StoredDelivery::id).toList())
                .stream()
                .collect(Collectors.groupingBy(StoredResult::deliveryId));
        return Page.of(
                some,
                limit,
                delivery -> Long.toString(delivery.position()),
                delivery -> view(delivery, results.getOrDefault(delivery.id(), List.of()), locale));
    }

    private static long before(@Nullable String after) {
        if (after == null || after.isBlank()) {
            return Long.MAX_VALUE;
        }
        if (!after.matches("[0-9]{1,18}")) {
            throw new ProblemException(
                    Problem.of(ProblemCode.REQUEST_INVALID, "after", "reason", "after: the next of a page"));
        }
        return Long.parseLong(after);
    }

    /** @throws ProblemException {@code SLP-HOOK-DELIVERY-UNKNOWN} */
    DeliveryView one(String id, Locale locale) {
        StoredDelivery delivery = store.byId(id);
        return view(delivery, store.results(List.of(id)), locale);
    }

    /** What pushes came to in an environment, newest first. */
    List<ResultView> ofEnvironment(String environmentId, int limit, Locale locale) {
        return store.ofEnvironment(environmentId, limit).stream()
                .map(result -> view(result, locale))
                .toList();
    }

    private DeliveryView view(StoredDelivery delivery, List<StoredResult> results, Locale locale) {
        return new DeliveryView(
                delivery.id(),
                delivery.hookId(),
                delivery.hookName(),
                delivery.provider(),
                delivery.event(),
                delivery.state().word(),
                shown(delivery, results),
                delivery.push() == null ? null : view(delivery.push()),
                delivery.address(),
                delivery.receivedAt(),
                delivery.repeats(),
                delivery.reason() == null ? null : reason(delivery.reason(), locale),
                delivery.problem() == null ? null : texts.text(delivery.problem(), locale),
                results.stream().map(result -> view(result, locale)).toList());
    }

    private static String shown(StoredDelivery delivery, List<StoredResult> results) {
        if (delivery.state() != State.DONE) {
            return delivery.state().word();
        }
        Set<String> states =
                results.stream().map(result -> result.state().word()).collect(Collectors.toSet());
        for (String state : List.of("failed", "waits", "started", "replaced")) {
            if (states.contains(state)) {
                return state;
            }
        }
        return "skipped";
    }

    private static PushView view(Push push) {
        return new PushView(
                RepositoryAddress.of(push.repositories().get(0))
                        .map(RepositoryAddress::shown)
                        .orElse(push.repositories().get(0)),
                push.ref(),
                push.tag(),
                push.before(),
                push.after(),
                push.commits(),
                push.message(),
                push.sender(),
                push.files().stream().limit(DeliveryView.FILES).toList(),
                push.files().size(),
                push.allFiles());
    }

    private ResultView view(StoredResult result, Locale locale) {
        return new ResultView(
                result.deliveryId(),
                result.environmentName(),
                result.ruleId(),
                result.state().word(),
                reason(result.reason(), locale),
                result.scope() == null ? null : result.scope().operation().word(),
                result.scope() == null ? List.of() : result.scope().components(),
                result.dueAt(),
                result.runId(),
                result.problem() == null ? null : texts.text(result.problem(), locale),
                result.changedAt());
    }

    ReasonView reason(Reason reason, Locale locale) {
        Object[] arguments = reason.arguments().toArray();
        String key = "push.reason." + reason.code();
        return new ReasonView(reason.code(), wordings.in(locale).say(key, arguments));
    }
}
