package dev.slipway.activities.build;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.slipway.activities.build.kaniko.KanikoRequest.Reach;
import dev.slipway.activities.image.Registries;
import dev.slipway.activities.registry.RegistryLogin;
import dev.slipway.activities.registry.RegistrySettings;
import dev.slipway.activities.store.Secret;
import dev.slipway.workflows.application.ImageReference;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateEncodingException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a builder in a cluster is told of registries: who it is to them, and how it reaches them. */
final class BuilderLogins {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String DOCKER_HUB = "docker.io";
    private static final String DOCKER_HUB_KEY = "https://index.docker.io/v1/";

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
        Map<String, Object> logins = new LinkedHashMap<>();
        own.ifPresent(login -> logins.put(host, entry(login)));
        registries
                .pulls()
                .others()
                .forEach((name, login) -> logins.put(name.equals(DOCKER_HUB) ? DOCKER_HUB_KEY : name, entry(login)));
        try {
            return Secret.of(JSON.writeValueAsString(Map.of("auths", logins)));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Texts can always be written", e);
        }
    }

    private static Map<String, String> entry(RegistryLogin login) {
        String pair = login.username() + ":" + login.password().reveal();
        return Map.of("auth", Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)));
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
