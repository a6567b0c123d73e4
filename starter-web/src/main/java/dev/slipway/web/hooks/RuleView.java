package dev.slipway.web.hooks;

import dev.slipway.activities.store.PushRule;
import dev.slipway.activities.store.PushRuleStore.StoredRule;
import java.time.Instant;
import java.util.List;

/** A rule as pages and API show it; the words are those of {@link PushRule}. */
public record RuleView(
        String id,
        boolean enabled,
        String repository,
        List<String> branches,
        List<String> tags,
        List<String> paths,
        int debounceSeconds,
        boolean replace,
        String operation,
        String part,
        List<String> components,
        Instant changedAt,
        String changedBy) {
    static RuleView of(StoredRule stored) {
        PushRule rule = stored.rule();
        return new RuleView(
                stored.id(),
                rule.enabled(),
                rule.repository(),
                rule.branches(),
                rule.tags(),
                rule.paths(),
                rule.debounceSeconds(),
                rule.replace(),
                rule.operation().word(),
                rule.part().word(),
                rule.components(),
                stored.changedAt(),
                stored.changedBy());
    }
}
