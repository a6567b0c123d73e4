package dev.slipway.activities.kubernetes;

import dev.slipway.activities.store.Secret;
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
    private final boolean shared;

    /** Connections that carry all calls to a cluster together. */
    public ClusterConnections() {
        this(true);
    }

    private ClusterConnections(boolean shared) {
        this.shared = shared;
    }

    /**
     * Connections of which each stream has one to itself: a reader who stands still, of a log for instance, holds up nothing
     * but his own.
     */
    public static ClusterConnections ofStreams() {
        return new ClusterConnections(false);
    }

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
        if (!shared) {
            config.setHttp2Disable(true);
        }
        // As kubectl does. With WebSockets tried first, behind a proxy that has none, a watch that failed at its
        // beginning was never begun again.
        config.setOnlyHttpWatches(true);
        config.setRequestTimeout((int) ANSWER_WITHIN.toMillis());
        config.setRequestRetryBackoffLimit(ASKED_AGAIN);
        config.setRequestRetryBackoffInterval((int) ASKED_AGAIN_AFTER.toMillis());
        ClusterTime time = ClusterTime.of(name);
        ClusterConnection connection = new ClusterConnection(
                name,
                new KubernetesClientBuilder()
                        .withConfig(config)
                        .withHttpClientFactory(new JdkHttpClientFactory())
                        .withHttpClientBuilderConsumer(
                                builder -> builder.addOrReplaceInterceptor("stalled", new StalledAnswers(ANSWER_WITHIN))
                                        .addOrReplaceInterceptor("dates", new ServerDates(time)))
                        .build(),
                simulated,
                time,
                registryAddress);
        ClusterConnection before = clusters.put(name, connection);
        if (before != null) {
            before.close();
        }
        return connection;
    }

    /**
     * Adds a cluster by a kubeconfig that has been looked through; no call is made to it.
     *
     * @param kubeconfig of {@link UploadedKubeconfig#text}
     * @throws ProblemException {@code SLP-K8S-KUBECONFIG} when its credentials can't be used
     */
    public ClusterConnection add(String name, Secret kubeconfig, @Nullable String registryAddress) {
        try {
            Config config = Config.fromKubeconfig(kubeconfig.reveal());
            ClientKeys.prepare(config);
            if (config.getMasterUrl().startsWith("http:")) {
                // Without TLS nobody agrees on another protocol: neither HTTP/2 nor web sockets can be counted on.
                config.setHttp2Disable(true);
                config.setOnlyHttpWatches(true);
            }
            return add(name, config, false, registryAddress);
        } catch (IOException | RuntimeException e) {
            throw new ProblemException(
                    Problem.of(
                            ProblemCode.KUBERNETES_KUBECONFIG,
                            "cluster " + name,
                            "reason",
                            "its certificates and keys can't be used: "
                                    + e.getClass().getSimpleName()),
                    e);
        }
    }

    /** Ends all talk with a cluster. */
    public void remove(String name) {
        ClusterConnection connection = clusters.remove(name);
        if (connection != null) {
            connection.close();
        }
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
            ClientKeys.prepare(config);
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
