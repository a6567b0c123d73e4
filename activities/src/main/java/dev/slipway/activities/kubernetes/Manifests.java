package dev.slipway.activities.kubernetes;

import dev.slipway.activities.kubernetes.Wishes.Wish;
import dev.slipway.activities.kubernetes.render.RenderedComponent;
import dev.slipway.activities.kubernetes.render.RenderedObject;
import dev.slipway.activities.kubernetes.render.Trees;
import dev.slipway.activities.registry.PullLogins;
import dev.slipway.activities.store.EnvironmentStore;
import dev.slipway.activities.store.ParameterStore;
import dev.slipway.activities.store.PlanStore;
import dev.slipway.activities.store.Secret;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** What a plan applies, as people read it: YAML, with no secret in it. Calls no cluster. */
public final class Manifests {
    private static final String HIDDEN = "***";
    /** A value as short as that may stand anywhere by chance. */
    private static final int SHORTEST_SECRET = 6;

    private static final Pattern NOT_BUILT = Pattern.compile("^(.+)@build:.*$");

    private final Wishes wishes;
    private final ParameterStore parameters;

    /**
     * An object as it is applied.
     *
     * @param component empty: it belongs to the environment as a whole
     */
    public record Manifest(String component, String kind, String name, String yaml) {}

    /**
     * @param cluster whose address of the registry the images get
     * @param logins to registries, as deploys have them
     */
    public Manifests(
            ClusterConnection cluster,
            String instanceId,
            EnvironmentStore environments,
            PlanStore plans,
            ParameterStore parameters,
            PullLogins logins) {
        this.wishes = new Wishes(cluster, instanceId, environments, plans, parameters, logins);
        this.parameters = parameters;
    }

    /**
     * All objects, in the order of writing.
     *
     * @throws dev.slipway.workflows.problem.ProblemException {@code SLP-REGISTRY-NOT-PULLABLE}
     */
    public List<Manifest> of(String planId, String environmentId) {
        Wish wish = wishes.of(planId, environmentId);
        List<String> secrets = parameters.secrets(environmentId).values().stream()
                .map(Secret::reveal)
                .filter(value -> value.length() >= SHORTEST_SECRET)
                .toList();
        List<Manifest> manifests = new ArrayList<>();
        wish.rendering().shared().forEach(object -> manifests.add(manifest("", object, secrets)));
        wish.rendering().manifests().forEach(object -> manifests.add(manifest("", object, secrets)));
        for (RenderedComponent component : wish.rendering().components()) {
            component.objects().forEach(object -> manifests.add(manifest(component.name(), object, secrets)));
        }
        return List.copyOf(manifests);
    }

    private static Manifest manifest(String component, RenderedObject object, List<String> secrets) {
        Map<String, Object> tree = new LinkedHashMap<>(Trees.of(object.object()));
        if ("Secret".equals(tree.get("kind"))) {
            tree.computeIfPresent("data", (key, data) -> hidden(data));
            tree.computeIfPresent("stringData", (key, data) -> hidden(data));
        }
        return new Manifest(
                component, object.ref().kind(), object.ref().name(), Serialization.asYaml(shown(tree, secrets)));
    }

    private static Object hidden(Object data) {
        Map<Object, Object> hidden = new LinkedHashMap<>();
        if (data instanceof Map<?, ?> map) {
            map.keySet().forEach(key -> hidden.put(key, HIDDEN));
        }
        return hidden;
    }

    /** A secret has no way into other objects; should one find it, it is not shown all the same. */
    private static Object shown(Object tree, List<String> secrets) {
        if (tree instanceof Map<?, ?> map) {
            Map<Object, Object> shown = new LinkedHashMap<>();
            map.forEach((key, value) -> shown.put(key, value == null ? "" : shown(value, secrets)));
            return shown;
        }
        if (tree instanceof List<?> list) {
            return list.stream().map(value -> shown(value, secrets)).toList();
        }
        if (tree instanceof String text) {
            String shown = NOT_BUILT.matcher(text).replaceFirst("$1 (not built yet)");
            for (String secret : secrets) {
                shown = shown.replace(secret, HIDDEN);
            }
            return shown;
        }
        return tree;
    }
}
