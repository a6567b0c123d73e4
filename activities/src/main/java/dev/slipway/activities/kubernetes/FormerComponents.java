package dev.slipway.activities.kubernetes;

import dev.slipway.activities.store.ReleaseStore;
import dev.slipway.activities.store.ReleaseStore.Release;
import dev.slipway.workflows.application.Application;
import dev.slipway.workflows.application.ApplicationCheck;
import dev.slipway.workflows.application.Component;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Components as they were last told to be, also such as no newer document has: who needed whom is told by them alone. */
final class FormerComponents {
    /** Releases that are looked at, at most: what was left over for longer goes without an order. */
    private static final int RELEASES = 50;

    private static final int AT_ONCE = 5;

    private final ReleaseStore releases;

    FormerComponents(ReleaseStore releases) {
        this.releases = releases;
    }

    /**
     * Those of the newest release, and of older ones as long as a name is not found.
     *
     * @return each component once, as the newest release that has it says; it needs none that an older one says, so there is no
     *     circle among them
     */
    List<Component> of(String environmentId, Collection<String> names) {
        Map<String, Component> found = new LinkedHashMap<>();
        long before = Long.MAX_VALUE;
        for (int looked = 0; looked < RELEASES; looked += AT_ONCE) {
            List<Release> some = releases.list(environmentId, before, AT_ONCE);
            for (Release release : some) {
                Application document = ApplicationCheck.read(release.document()).value();
                if (document != null) {
                    document.components().forEach(component -> found.putIfAbsent(component.name(), component));
                }
                if (found.keySet().containsAll(names)) {
                    return List.copyOf(found.values());
                }
                before = release.number();
            }
            if (some.size() < AT_ONCE) {
                break;
            }
        }
        return List.copyOf(found.values());
    }
}
