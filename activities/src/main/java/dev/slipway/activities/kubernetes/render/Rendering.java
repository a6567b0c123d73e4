package dev.slipway.activities.kubernetes.render;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * All objects of one environment.
 *
 * @param shared what belongs to the environment as a whole and is written before any component, in order: the namespace
 *     first, then the pull secret if there is one
 * @param manifests raw objects of the document: what defines kinds first, then the others as they stand there
 * @param components in the document's order; external ones have none
 */
public record Rendering(
        List<RenderedObject> shared, List<RenderedObject> manifests, List<RenderedComponent> components) {
    public Rendering {
        shared = List.copyOf(shared);
        manifests = List.copyOf(manifests);
        components = List.copyOf(components);
    }

    public RenderedObject namespace() {
        return shared.get(0);
    }

    public Optional<RenderedComponent> component(String name) {
        return components.stream()
                .filter(component -> component.name().equals(name))
                .findFirst();
    }

    /** What is left of it when only these components count; shared objects stay, and raw ones if {@code ""} counts. */
    public Rendering only(Predicate<String> component) {
        return new Rendering(
                shared,
                manifests.stream()
                        .filter(object -> component.test(object.ref().component()))
                        .toList(),
                components.stream().filter(one -> component.test(one.name())).toList());
    }

    /** Every object, in the order of writing. */
    public Stream<RenderedObject> objects() {
        return Stream.concat(
                Stream.concat(shared.stream(), manifests.stream()),
                components.stream().flatMap(component -> component.objects().stream()));
    }
}
