package dev.slipway.activities.registry;

import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Who clusters are to registries when they pull.
 *
 * @param own to Slipway's own registry; empty: nobody
 * @param others by the registry's name in image references, sorted; those that are not here are pulled from anonymously
 */
public record PullLogins(Optional<RegistryLogin> own, Map<String, RegistryLogin> others) {
    public PullLogins {
        others = Collections.unmodifiableSortedMap(new TreeMap<>(others));
    }
}
