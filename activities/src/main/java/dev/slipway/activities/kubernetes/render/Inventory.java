package dev.slipway.activities.kubernetes.render;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What Slipway wrote into a namespace: only what it lists is ever pruned. A line for each object, {@code
 * kind/name/component}, in the order of writing.
 */
public record Inventory(Set<ObjectRef> objects) {
    public static final String NAME = "slipway-inventory";
    private static final String KEY = "objects";

    public Inventory {
        objects = java.util.Collections.unmodifiableSet(new LinkedHashSet<>(objects));
    }

    /** @param map {@code null}: nothing was written yet */
    public static Inventory read(@Nullable ConfigMap map) {
        Set<ObjectRef> objects = new LinkedHashSet<>();
        String lines = map == null || map.getData() == null ? "" : map.getData().getOrDefault(KEY, "");
        lines.lines()
                .map(line -> line.split("/", -1))
                .filter(words -> words.length == 3)
                .forEach(words -> {
                    String[] known = Arrays.copyOf(words, 3);
                    objects.add(new ObjectRef(known[0], known[1], known[2]));
                });
        return new Inventory(objects);
    }

    public static Inventory of(Rendering rendering) {
        return new Inventory(rendering
                .objects()
                .map(RenderedObject::ref)
                .filter(ref -> !ref.kind().equals("Namespace"))
                .collect(java.util.stream.Collectors.toCollection(LinkedHashSet::new)));
    }

    /** What was there, then what is new. */
    public Inventory plus(Inventory other) {
        Set<ObjectRef> all = new LinkedHashSet<>(objects);
        all.addAll(other.objects);
        return new Inventory(all);
    }

    public Inventory without(Collection<ObjectRef> gone) {
        Set<ObjectRef> left = new LinkedHashSet<>(objects);
        left.removeAll(gone);
        return new Inventory(left);
    }

    /** What is listed here and not in the other. */
    public Set<ObjectRef> beyond(Inventory other) {
        Set<ObjectRef> left = new LinkedHashSet<>(objects);
        left.removeAll(other.objects);
        return left;
    }

    /** @param namespace rendered: its labels are the environment's */
    public ConfigMap write(RenderedObject namespace) {
        StringBuilder lines = new StringBuilder();
        objects.forEach(ref -> lines.append(ref.kind())
                .append('/')
                .append(ref.name())
                .append('/')
                .append(ref.component())
                .append('\n'));
        Map<String, String> labels =
                new TreeMap<>(namespace.object().getMetadata().getLabels());
        labels.keySet().removeIf(label -> label.startsWith("pod-security.kubernetes.io/"));
        return new ConfigMapBuilder()
                .withNewMetadata()
                .withNamespace(namespace.ref().name())
                .withName(NAME)
                .withLabels(labels)
                .endMetadata()
                .addToData(KEY, lines.toString())
                .build();
    }
}
