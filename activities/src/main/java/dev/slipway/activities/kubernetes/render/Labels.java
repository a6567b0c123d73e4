package dev.slipway.activities.kubernetes.render;

import dev.slipway.workflows.application.Component;
import java.util.Map;
import java.util.TreeMap;

/** Names by which Slipway knows its objects again (DESIGN section 5). */
public final class Labels {
    public static final String INSTANCE = "slipway.dev/instance";
    public static final String ENVIRONMENT = "slipway.dev/environment";
    public static final String COMPONENT = "slipway.dev/component";
    /** Label: the component's kind in the document, {@code service}. */
    public static final String KIND = "slipway.dev/kind";
    /** {@link #KIND} of what is outside. */
    public static final String EXTERNAL = "external";
    /** Annotation of every object: hash of its rendering. */
    public static final String HASH = "slipway.dev/hash";
    /** Annotation of an object: which of its fields were left to others. */
    public static final String LEFT = "slipway.dev/left";
    /** Annotation of the namespace: whose it is, {@code <instance>/<environment>}. */
    public static final String OWNER = "slipway.dev/owner";
    /** Annotation of a pod template: digest of the files and secret values it uses. */
    public static final String CONFIG = "slipway.dev/config";

    public static final String MANAGED_BY = "app.kubernetes.io/managed-by";
    /** Also the name of the field manager. */
    public static final String MANAGER = "slipway";
    /** Field manager that keeps the number of replicas while an autoscaler takes over. */
    public static final String SCALE_MANAGER = "slipway-scale";

    private Labels() {}

    /** Of everything in the environment. */
    static Map<String, String> shared(RenderInput input) {
        Map<String, String> labels = new TreeMap<>();
        labels.put(INSTANCE, input.instanceId());
        labels.put(ENVIRONMENT, input.environmentId());
        labels.put(MANAGED_BY, MANAGER);
        labels.put("app.kubernetes.io/part-of", input.application().name());
        return labels;
    }

    /** Of a component's objects and pods: nothing in it changes from run to run. */
    static Map<String, String> of(RenderInput input, Component component) {
        Map<String, String> labels = shared(input);
        labels.put(COMPONENT, component.name());
        labels.put(KIND, Words.of(component.kind()));
        labels.put("app.kubernetes.io/name", component.name());
        labels.put("app.kubernetes.io/instance", input.environmentId());
        return labels;
    }

    /** What finds a component's pods; can never be changed. */
    static Map<String, String> selector(RenderInput input, Component component) {
        return new TreeMap<>(Map.of(ENVIRONMENT, input.environmentId(), COMPONENT, component.name()));
    }

    /** Whose namespace it is. */
    public static String owner(String instanceId, String environmentId) {
        return instanceId + "/" + environmentId;
    }
}
