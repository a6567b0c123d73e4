package dev.slipway.web.environments;

import dev.slipway.activities.git.TextDiff;
import dev.slipway.activities.store.EnvironmentStore;
import dev.slipway.activities.store.EnvironmentStore.StoredEnvironment;
import dev.slipway.activities.store.ReleaseStore;
import dev.slipway.activities.store.ReleaseStore.Release;
import dev.slipway.activities.store.ReleaseStore.ReleaseImage;
import dev.slipway.web.access.Caller;
import dev.slipway.web.environments.EnvironmentDiff.ComponentDiff;
import dev.slipway.web.environments.EnvironmentDiff.Side;
import dev.slipway.workflows.application.Application;
import dev.slipway.workflows.application.ApplicationWriter;
import dev.slipway.workflows.application.Component;
import dev.slipway.workflows.people.Permission;
import dev.slipway.workflows.people.Subject;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Compares environments and releases. */
@org.springframework.stereotype.Component
final class EnvironmentDiffs {
    private static final Pattern NUMBER = Pattern.compile("[1-9][0-9]{0,17}");

    private final Environments environments;
    private final ReleaseStore releases;

    EnvironmentDiffs(Environments environments, ReleaseStore releases) {
        this.environments = environments;
        this.releases = releases;
    }

    private record Told(Side side, @Nullable Application application, Map<String, String> images) {
        @Nullable
        Component component(String name) {
            return application == null ? null : application.component(name).orElse(null);
        }

        String text() {
            return application == null ? "" : ApplicationWriter.write(application);
        }
    }

    /**
     * The newest release of an environment beside another one.
     *
     * @param with a number: that release of the same environment; else another environment, whose newest release counts. What
     *     is both is a release
     * @throws ProblemException {@code SLP-ENV-UNKNOWN}, also when the caller may not see it; {@code SLP-REQUEST-NOT-FOUND} for a
     *     release that there is not
     */
    EnvironmentDiff between(String name, String with, Caller caller) {
        StoredEnvironment environment = environments.named(name);
        Told from = told(environment, releases.newest(environment.id()).orElse(null));
        Told to;
        if (NUMBER.matcher(with).matches()) {
            Release release = releases.byNumber(environment.id(), Long.parseLong(with))
                    .orElseThrow(() -> new ProblemException(
                            Problem.of(ProblemCode.REQUEST_NOT_FOUND, name + "/releases/" + with)));
            to = told(environment, release);
        } else {
            StoredEnvironment other = environments.named(with);
            Subject subject = Subject.environment(other.applicationId(), other.id());
            if (!caller.may(Permission.VIEW, subject)) {
                throw EnvironmentStore.unknown(with);
            }
            to = told(other, releases.newest(other.id()).orElse(null));
        }
        return new EnvironmentDiff(
                from.side(), to.side(), components(from, to), TextDiff.between(from.text(), to.text()));
    }

    private Told told(StoredEnvironment environment, @Nullable Release release) {
        Map<String, String> images = new HashMap<>();
        List<ReleaseImage> known = release == null ? List.of() : releases.images(release);
        known.forEach(image -> images.put(image.component(), image.image()));
        return new Told(
                new Side(environment.name(), release == null ? null : release.number()),
                environments.document(environment, release),
                images);
    }

    private static List<ComponentDiff> components(Told from, Told to) {
        Set<String> names = new LinkedHashSet<>();
        Optional.ofNullable(from.application())
                .ifPresent(one -> one.components().forEach(c -> names.add(c.name())));
        Optional.ofNullable(to.application()).ifPresent(one -> one.components().forEach(c -> names.add(c.name())));
        Map<String, ComponentDiff> diffs = new LinkedHashMap<>();
        names.forEach(name -> diffs.put(name, component(name, from, to)));
        return new ArrayList<>(diffs.values());
    }

    private static ComponentDiff component(String name, Told from, Told to) {
        Component before = from.component(name);
        Component after = to.component(name);
        String image = from.images().get(name);
        String other = to.images().get(name);
        String action = before == null
                ? "create"
                : after == null ? "delete" : before.equals(after) && Objects.equals(image, other) ? "keep" : "change";
        return new ComponentDiff(name, action, image, other);
    }
}
