package dev.slipway.activities.kubernetes;

import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** All clusters that Slipway knows, by name. */
public final class ClusterConnections implements AutoCloseable {
    private static final int CALLS_AT_ONCE = 128;

    /** How long a cluster may take for the head of an answer; and again for the rest of it. */
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(20);

    /**
     * A refused connection, 429 and 5xx are asked again by the client itself after 0.2, 0.4 and 0.8 s or as long as the
     * server says. What lasts longer is not its business: the step waits in sight and with pauses.
     */
    private static final int ASKED_AGAIN = 3;

    private static final Duration ASKED_AGAIN_AFTER = Duration.ofMillis(200);

    private final Map<String, ClusterConnection> clusters = new ConcurrentHashMap<>();

    /**
     * Adds a cluster from settings; no call is made to it.
     *
     * @throws ProblemException {@code SLP-K8S-CLUSTER-UNKNOWN} when the kubeconfig can't be read or lacks the context
     */
    public ClusterConnection add(ClusterSettings settings) {
        return add(settings.name(), config(settings), false, settings.registryAddress());
    }

    /** Adds a cluster with a configuration of its own: the simulated one. */
    public ClusterConnection add(String name, Config config, boolean simulated, @Nullable String registryAddress) {
        config.setMaxConcurrentRequests(CALLS_AT_ONCE);
        config.setMaxConcurrentRequestsPerHost(CALLS_AT_ONCE);
        // As kubectl does. With WebSockets tried first, behind a proxy that has none, a watch whose beginning failed
        // was
        // never begun again.
        config.setOnlyHttpWatches(true);
        config.setRequestTimeout((int) ANSWER_WITHIN.toMillis());
        config.setRequestRetryBackoffLimit(ASKED_AGAIN);
        config.setRequestRetryBackoffInterval((int) ASKED_AGAIN_AFTER.toMillis());
        ClusterConnection connection = new ClusterConnection(
                name,
                new KubernetesClientBuilder()
                        .withConfig(config)
                        .withHttpClientFactory(new JdkHttpClientFactory())
                        .withHttpClientBuilderConsumer(builder ->
                                builder.addOrReplaceInterceptor("stalled", new StalledAnswers(ANSWER_WITHIN)))
                        .build(),
                simulated,
                registryAddress);
        ClusterConnection before = clusters.put(name, connection);
        if (before != null) {
            before.close();
        }
        return connection;
    }

    /** @throws ProblemException {@code SLP-K8S-CLUSTER-UNKNOWN} */
    public ClusterConnection byName(String name) {
        ClusterConnection connection = clusters.get(name);
        if (connection == null) {
            throw unknown(name, "known: " + String.join(", ", clusters.keySet()), null);
        }
        return connection;
    }

    public Collection<ClusterConnection> all() {
        return clusters.values();
    }

    private static Config config(ClusterSettings settings) {
        try {
            if (settings.kubeconfig() == null) {
                return new ConfigBuilder().withAutoConfigure().build();
            }
            Config config = Config.fromKubeconfig(
                    settings.context(),
                    Files.readString(settings.kubeconfig()),
                    settings.kubeconfig().toString());
            if (settings.context() != null
                    && (config.getCurrentContext() == null
                            || !settings.context()
                                    .equals(config.getCurrentContext().getName()))) {
                throw unknown(
                        settings.name(), "no context " + settings.context() + " in " + settings.kubeconfig(), null);
            }
            config.setClientKeyAlgo(ClientKeys.algorithm(config));
            if (config.getCurrentContext() != null) {
                RenewedToken.of(
                                settings.kubeconfig(),
                                config.getCurrentContext().getContext().getUser())
                        .ifPresent(config::setOauthTokenProvider);
            }
            return config;
        } catch (IOException e) {
            throw unknown(settings.name(), "cannot read " + settings.kubeconfig(), e);
        }
    }

    private static ProblemException unknown(String name, String detail, @Nullable Exception cause) {
        Problem problem = Problem.of(
                ProblemCode.KUBERNETES_CLUSTER_UNKNOWN, "cluster " + name, "cluster", name, "detail", detail);
        return cause == null ? new ProblemException(problem) : new ProblemException(problem, cause);
    }

    @Override
    public void close() {
        clusters.values().forEach(ClusterConnection::close);
        clusters.clear();
    }
}
