package dev.slipway.workflows.application;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A raw Kubernetes object that belongs to the application.
 *
 * @param object the object as plain maps, lists, strings, numbers, booleans
 * @param images the images it names
 */
public record Manifest(Map<String, @Nullable Object> object, List<String> images) {
    public Manifest {
        object = Collections.unmodifiableMap(new LinkedHashMap<>(object));
        images = List.copyOf(images);
    }

    /** Where lists of images by component keep one that raw objects use: no component can have this name. */
    public static String imageKey(String image) {
        return "manifests/" + image;
    }

    /** What stands at the end of these fields; {@code null}: nothing. */
    public @Nullable Object value(String... fields) {
        Object at = object;
        for (String field : fields) {
            at = at instanceof Map<?, ?> map ? map.get(field) : null;
        }
        return at;
    }

    /** {@code apps} of {@code apps/v1}; empty for the core, and when there is none. */
    public String group() {
        String version = String.valueOf(value("apiVersion"));
        int slash = version.indexOf('/');
        return slash < 0 ? "" : version.substring(0, slash);
    }

    /** {@code ConfigMap}. */
    public String kind() {
        return String.valueOf(value("kind"));
    }

    /** Whether it is a CustomResourceDefinition. */
    public boolean definition() {
        return group().equals("apiextensions.k8s.io") && kind().equals("CustomResourceDefinition");
    }
}
