package dev.slipway.workflows.application;

import java.util.Map;
import java.util.TreeMap;

/** A ready container attached to a component. */
public record SidecarUse(String use, Map<String, String> with) {
    public SidecarUse {
        with = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(with));
    }
}
