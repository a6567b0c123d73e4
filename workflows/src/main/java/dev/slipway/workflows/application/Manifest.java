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
}
