package dev.slipway.web.manifests;

import dev.slipway.web.manifests.Applied.Group;
import java.util.List;
import java.util.Map;

/** Lets tests of all pages make the model of this one. */
public final class ManifestPageModels {
    private ManifestPageModels() {}

    /** @param yaml of each component */
    public static Map<String, Object> of(Map<String, String> yaml) {
        List<Group> groups = yaml.entrySet().stream()
                .map(one -> new Group(one.getKey(), 3, one.getValue()))
                .toList();
        return Map.of("environment", "storefront-dev", "groups", groups, "all", Applied.yaml(groups));
    }
}
