package dev.slipway.activities.build;

import dev.slipway.activities.build.kaniko.KanikoRequest.Reach;
import dev.slipway.activities.image.Registries;
import dev.slipway.activities.registry.DockerConfig;
import dev.slipway.activities.registry.RegistryLogin;
import dev.slipway.activities.registry.RegistrySettings;
import dev.slipway.activities.store.Secret;
import dev.slipway.workflows.application.ImageReference;
import java.security.cert.CertificateEncodingException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** What a builder in a cluster is told of registries: who it is to them, and how it reaches them. */
final class BuilderLogins {
    private final Registries registries;

    BuilderLogins(Registries registries) {
        this.registries = registries;
    }

    /**
     * Pushes to Slipway's own, reads bases from all others as clusters do.
     *
     * @param token for Slipway's own; empty: the login of the settings
     */
    Secret pushing(String host, Optional<Secret> token) {
        Map<String, RegistryLogin> logins = new HashMap<>(registries.pulls().others());
        mirrors().forEach(mirror -> mirror.login().ifPresent(login -> logins.put(mirror.host(), login)));
        if (token.isEmpty()) {
            registries.own().login().ifPresent(login -> logins.put(host, login));
        }
        return DockerConfig.of(logins, token.map(one -> Map.of(host, one)).orElse(Map.of()));
    }

    /** Only pulls. */
    Secret pulling(String host) {
        Map<String, RegistryLogin> logins = new HashMap<>(registries.pulls().others());
        registries.pulls().own().ifPresent(login -> logins.put(host, login));
        return DockerConfig.of(logins);
    }

    /**
     * What a build pushes with, and nothing else can be done with: to its repository and its cache, for as long as it may last.
     *
     * @param bases that it begins with
     * @return empty: Slipway's own registry gives no such token, or asks for nothing
     */
    Optional<Secret> token(String repository, Collection<String> bases, Duration life) {
        if (registries.own().login().isEmpty()) {
            return Optional.empty();
        }
        List<String> scopes = new ArrayList<>();
        scopes.add("repository:" + repository + ":pull,push");
        scopes.add("repository:" + cache(repository) + ":pull,push");
        bases.stream()
                .map(ImageReference::parse)
                .filter(ImageReference::own)
                .map(image -> "repository:" + image.repository() + ":pull")
                .distinct()
                .forEach(scopes::add);
        return registries.own().token(scopes, life);
    }

    /** Whether a build pushes with the login of the settings, as there is no such token. */
    boolean wide(String repository, Collection<String> bases, Duration life) {
        return registries.own().login().isPresent()
                && token(repository, bases, life).isEmpty();
    }

    /** Repository of the layers that builds of an image share. */
    static String cache(String repository) {
        return "cache/" + repository;
    }

    /** @param host of Slipway's own, for the cluster */
    List<Reach> reach(String host) {
        List<Reach> reach = new ArrayList<>();
        for (RegistrySettings one : registries.known()) {
            boolean own = one.name().equals(ImageReference.OWN_REGISTRY);
            String address = own ? host : one.mirrored() ? one.address() : one.name();
            reach.add(new Reach(one.name(), address, one.insecure(), pem(one)));
        }
        return reach;
    }

    private Stream<RegistrySettings> mirrors() {
        return registries.known().stream()
                .filter(one -> !one.name().equals(ImageReference.OWN_REGISTRY) && one.mirrored());
    }

    private static String pem(RegistrySettings registry) {
        StringBuilder pem = new StringBuilder();
        registry.trusted().forEach(certificate -> {
            try {
                pem.append("-----BEGIN CERTIFICATE-----\n")
                        .append(Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(certificate.getEncoded()))
                        .append("\n-----END CERTIFICATE-----\n");
            } catch (CertificateEncodingException e) {
                throw new IllegalStateException("It was read from such a file", e);
            }
        });
        return pem.toString();
    }
}
