package dev.slipway.activities.build;

import dev.slipway.activities.build.kaniko.KanikoRequest.Reach;
import dev.slipway.activities.image.Registries;
import dev.slipway.activities.registry.DockerConfig;
import dev.slipway.activities.registry.RegistryLogin;
import dev.slipway.activities.registry.RegistrySettings;
import dev.slipway.activities.store.Secret;
import dev.slipway.workflows.application.ImageReference;
import java.security.cert.CertificateEncodingException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a builder in a cluster is told of registries: who it is to them, and how it reaches them. */
final class BuilderLogins {
    private final Registries registries;

    BuilderLogins(Registries registries) {
        this.registries = registries;
    }

    /** Pushes to Slipway's own, reads bases from all others as clusters do. */
    Secret pushing(String host) {
        return content(host, registries.own().login());
    }

    /** Only pulls. */
    Secret pulling(String host) {
        return content(host, registries.pulls().own());
    }

    private Secret content(String host, Optional<RegistryLogin> own) {
        Map<String, RegistryLogin> logins = new HashMap<>(registries.pulls().others());
        own.ifPresent(login -> logins.put(host, login));
        return DockerConfig.of(logins);
    }

    /** @param host of Slipway's own, for the cluster */
    List<Reach> reach(String host) {
        List<Reach> reach = new ArrayList<>();
        for (RegistrySettings one : registries.known()) {
            boolean own = one.name().equals(ImageReference.OWN_REGISTRY);
            reach.add(new Reach(one.name(), own ? host : one.name(), one.insecure(), pem(one)));
        }
        return reach;
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
