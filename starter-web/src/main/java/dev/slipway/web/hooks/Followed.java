package dev.slipway.web.hooks;

import dev.slipway.activities.git.GitRef;
import dev.slipway.activities.store.ApplicationStore.GitOrigin;
import dev.slipway.activities.store.Push;
import dev.slipway.workflows.application.Application;
import dev.slipway.workflows.application.Component;
import dev.slipway.workflows.application.Source;
import dev.slipway.workflows.environment.Overrides;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What an environment is made from: the repositories of its document and its components, each with what is followed there.
 *
 * @param deployed whether there is a release of it
 */
record Followed(List<Place> places, boolean deployed) {
    /**
     * One source.
     *
     * @param component {@code null}: the document itself
     */
    record Place(@Nullable String component, String url, GitRef ref) {}

    Followed {
        places = List.copyOf(places);
    }

    /** @param origin where the document is kept; {@code null}: in Slipway */
    static Followed of(Application document, @Nullable GitOrigin origin, Overrides overrides, boolean deployed) {
        List<Place> places = new ArrayList<>();
        String branch = overrides.branch();
        GitRef ofDocument = GitRef.defaultBranch();
        if (origin != null) {
            String read = branch == null ? origin.branch() : branch;
            ofDocument = read == null ? GitRef.defaultBranch() : GitRef.branch(read);
            places.add(new Place(null, origin.url(), ofDocument));
        }
        for (Component component : overrides.applyTo(document).components()) {
            if (component.source() instanceof Source.Git source) {
                String url = source.url() == null && origin != null ? origin.url() : source.url();
                if (url != null) {
                    GitRef ref = GitRef.of(source, branch);
                    boolean asDocument =
                            ref.kind() == GitRef.Kind.DEFAULT_BRANCH && origin != null && url.equals(origin.url());
                    places.add(new Place(component.name(), url, asDocument ? ofDocument : ref));
                }
            }
        }
        return new Followed(places, deployed);
    }

    /** Those that come from the repository that was pushed to. */
    Followed from(Push push) {
        return new Followed(
                places.stream()
                        .filter(place -> RepositoryAddress.anySame(push.repositories(), place.url()))
                        .toList(),
                deployed);
    }

    boolean isEmpty() {
        return places.isEmpty();
    }

    /** Whether the document itself is among them. */
    boolean document() {
        return places.stream().anyMatch(place -> place.component() == null);
    }

    /** Names of the components. */
    List<String> components() {
        return places.stream()
                .flatMap(place -> java.util.stream.Stream.ofNullable(place.component()))
                .toList();
    }

    boolean follows(Push push) {
        return places.stream().anyMatch(place -> switch (place.ref().kind()) {
            case BRANCH -> !push.tag() && place.ref().name().equals(push.ref());
            case TAG -> push.tag() && place.ref().name().equals(push.ref());
            case DEFAULT_BRANCH ->
                !push.tag()
                        && (push.defaultBranch() == null || push.defaultBranch().equals(push.ref()));
            case COMMIT -> false;
        });
    }

    /** What is followed, for people, without repetition; empty: commits, which nothing can be pushed to. */
    List<String> shown(@Nullable String defaultBranch) {
        Set<String> names = new LinkedHashSet<>();
        for (Place place : places) {
            switch (place.ref().kind()) {
                case BRANCH, TAG -> names.add(place.ref().name());
                case DEFAULT_BRANCH -> names.add(defaultBranch == null ? "HEAD" : defaultBranch);
                case COMMIT ->
                    names.add(place.ref()
                            .name()
                            .substring(0, Math.min(10, place.ref().name().length())));
            }
        }
        return List.copyOf(names);
    }
}
