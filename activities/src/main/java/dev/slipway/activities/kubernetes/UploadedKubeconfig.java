package dev.slipway.activities.kubernetes;

import dev.slipway.activities.store.Secret;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import io.fabric8.kubernetes.api.model.AuthInfo;
import io.fabric8.kubernetes.api.model.Cluster;
import io.fabric8.kubernetes.api.model.Config;
import io.fabric8.kubernetes.api.model.ConfigBuilder;
import io.fabric8.kubernetes.api.model.NamedAuthInfo;
import io.fabric8.kubernetes.api.model.NamedCluster;
import io.fabric8.kubernetes.api.model.NamedContext;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A kubeconfig that somebody has sent: hostile until proven otherwise. It may hold addresses and credentials, but name no
 * file of this machine, no program to run and nobody to pretend to be; and only its one context is kept.
 */
public final class UploadedKubeconfig {
    private static final int LARGEST = 256 * 1024;

    private final String context;
    private final Secret text;

    private UploadedKubeconfig(String context, Secret text) {
        this.context = context;
        this.text = text;
    }

    /**
     * @param context {@code null}: its current one
     * @throws ProblemException {@code SLP-K8S-KUBECONFIG} for each reason
     */
    public static UploadedKubeconfig read(String text, @Nullable String context) {
        if (text.length() > LARGEST) {
            throw new ProblemException(refused("it is longer than " + LARGEST + " characters"));
        }
        Config config = parse(text);
        String wanted = context == null || context.isBlank() ? config.getCurrentContext() : context.strip();
        NamedContext chosen = config.getContexts().stream()
                .filter(one -> one.getContext() != null && Objects.equals(one.getName(), wanted))
                .findFirst()
                .orElseThrow(() -> new ProblemException(refused("it has no context " + wanted + "; it has: "
                        + String.join(
                                ", ",
                                config.getContexts().stream()
                                        .map(one -> String.valueOf(one.getName()))
                                        .toList()))));
        Cluster cluster = config.getClusters().stream()
                .filter(one -> Objects.equals(one.getName(), chosen.getContext().getCluster()))
                .map(NamedCluster::getCluster)
                .filter(Objects::nonNull)
                .findFirst()
                .orElseThrow(() -> new ProblemException(refused("its context " + wanted + " names no cluster in it")));
        AuthInfo user = config.getUsers().stream()
                .filter(one -> Objects.equals(one.getName(), chosen.getContext().getUser()))
                .map(NamedAuthInfo::getUser)
                .filter(Objects::nonNull)
                .findFirst()
                .orElseGet(AuthInfo::new);
        List<Problem> problems = new ArrayList<>();
        reasons(cluster, user).forEach((reason, applies) -> {
            if (applies) {
                problems.add(refused(reason));
            }
        });
        if (!problems.isEmpty()) {
            throw new ProblemException(problems);
        }
        return new UploadedKubeconfig(
                Objects.requireNonNull(wanted), Secret.of(Serialization.asYaml(kept(cluster, user))));
    }

    private static Config parse(String text) {
        try {
            Config config = Serialization.unmarshal(text, Config.class);
            if (config != null && !config.getContexts().isEmpty()) {
                return config;
            }
        } catch (RuntimeException | StackOverflowError e) {
            // What the parser says may quote the text, and that holds credentials.
            throw new ProblemException(refused("it is not readable as YAML of kind Config"));
        }
        throw new ProblemException(refused("it has no contexts"));
    }

    private static Map<String, Boolean> reasons(Cluster cluster, AuthInfo user) {
        String server = Objects.requireNonNullElse(cluster.getServer(), "");
        boolean credentials = given(user.getToken()) || given(user.getClientKeyData()) || given(user.getPassword());
        Map<String, Boolean> reasons = new LinkedHashMap<>();
        reasons.put("its server is no http address: " + server, !isAddress(server));
        reasons.put("it sends credentials over http", server.startsWith("http:") && credentials);
        reasons.put("certificate-authority names a file", given(cluster.getCertificateAuthority()));
        reasons.put("insecure-skip-tls-verify is set", Boolean.TRUE.equals(cluster.getInsecureSkipTlsVerify()));
        reasons.put("proxy-url is set", given(cluster.getProxyUrl()));
        reasons.put("client-certificate names a file", given(user.getClientCertificate()));
        reasons.put("client-key names a file", given(user.getClientKey()));
        reasons.put("tokenFile names a file", given(user.getTokenFile()));
        reasons.put("exec names a program", user.getExec() != null);
        reasons.put("auth-provider names a program", user.getAuthProvider() != null);
        reasons.put("it has a user name and password, which Kubernetes no longer knows", given(user.getPassword()));
        reasons.put(
                "it pretends to be somebody (as, as-groups)",
                given(user.getAs())
                        || (user.getAsGroups() != null && !user.getAsGroups().isEmpty()));
        reasons.put(
                "client-certificate-data and client-key-data belong together",
                given(user.getClientCertificateData()) != given(user.getClientKeyData()));
        return reasons;
    }

    private static boolean isAddress(String server) {
        try {
            URI uri = URI.create(server);
            return uri.getHost() != null
                    && uri.getUserInfo() == null
                    && ("https".equals(uri.getScheme()) || "http".equals(uri.getScheme()));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** Only what was looked at. */
    private static Config kept(Cluster cluster, AuthInfo user) {
        return new ConfigBuilder()
                .withApiVersion("v1")
                .withKind("Config")
                .withCurrentContext("slipway")
                .addNewContext()
                .withName("slipway")
                .withNewContext()
                .withCluster("slipway")
                .withUser("slipway")
                .endContext()
                .endContext()
                .addNewCluster()
                .withName("slipway")
                .withNewCluster()
                .withServer(cluster.getServer())
                .withCertificateAuthorityData(cluster.getCertificateAuthorityData())
                .withTlsServerName(cluster.getTlsServerName())
                .endCluster()
                .endCluster()
                .addNewUser()
                .withName("slipway")
                .withNewUser()
                .withToken(user.getToken())
                .withClientCertificateData(user.getClientCertificateData())
                .withClientKeyData(user.getClientKeyData())
                .endUser()
                .endUser()
                .build();
    }

    private static boolean given(@Nullable String value) {
        return value != null && !value.isEmpty();
    }

    private static Problem refused(String reason) {
        return Problem.of(ProblemCode.KUBERNETES_KUBECONFIG, "kubeconfig", "reason", reason);
    }

    /** The context that was chosen. */
    public String context() {
        return context;
    }

    /** The one context with all that belongs to it, and nothing else. */
    public Secret text() {
        return text;
    }
}
