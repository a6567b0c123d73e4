package dev.slipway.activities.build.kaniko;

import dev.slipway.activities.store.Secret;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One image to be built by a Dockerfile.
 *
 * @param key of the build: equal keys are one Job
 * @param need who asks, the same for every attempt; the last who leaves takes the Job away
 * @param dockerfile its place in the builder's container
 * @param target {@code null}: the last stage
 * @param secrets that instructions may mount, by id; only for a flavour that can
 * @param host of the registry that is pushed to, as the cluster reaches it
 * @param repository in it
 * @param tag of the image
 * @param cache repository for layers, with its host
 * @param logins content of the builder's {@code config.json}: to push, and to read bases
 * @param pulls likewise, for the node that pulls the builder
 * @param registries how the builder reaches registries that differ from their names
 */
public record KanikoRequest(
        String key,
        String need,
        String dockerfile,
        @Nullable String target,
        SortedMap<String, String> arguments,
        SortedMap<String, Secret> secrets,
        String host,
        String repository,
        String tag,
        String cache,
        Secret logins,
        Secret pulls,
        List<Reach> registries) {
    public KanikoRequest {
        arguments = Collections.unmodifiableSortedMap(new TreeMap<>(arguments));
        secrets = Collections.unmodifiableSortedMap(new TreeMap<>(secrets));
        registries = List.copyOf(registries);
    }

    /** The text with {@code ***} for what its secrets are, or a line of one is. */
    String masked(String text) {
        String masked = text;
        for (Secret secret : secrets.values()) {
            for (String line : secret.reveal().split("\\R")) {
                masked = line.isBlank() ? masked : masked.replace(line.strip(), "***");
            }
        }
        return masked;
    }

    /**
     * A registry.
     *
     * @param name as Dockerfiles write it
     * @param address as the cluster reaches it, of a mirror perhaps with a path
     * @param insecure plain HTTP
     * @param certificates in PEM, beside the usual ones; empty: none
     */
    public record Reach(String name, String address, boolean insecure, String certificates) {
        private static final String DOCKER_HUB = "docker.io";

        boolean differs() {
            return !name.equals(address);
        }

        String host() {
            return address.split("/", 2)[0];
        }

        /** What Kaniko calls it, however it is written. */
        String known() {
            return name.equals(DOCKER_HUB) ? "index.docker.io" : name;
        }
    }
}
