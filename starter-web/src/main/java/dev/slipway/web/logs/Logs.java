package dev.slipway.web.logs;

import dev.slipway.activities.kubernetes.ClusterConnection;
import dev.slipway.activities.kubernetes.ClusterTime;
import dev.slipway.activities.kubernetes.log.ComponentLogs;
import dev.slipway.activities.kubernetes.log.LogBuffer;
import dev.slipway.activities.kubernetes.log.LogRequest;
import dev.slipway.activities.kubernetes.log.LoggedPod;
import dev.slipway.activities.store.EnvironmentStore.StoredEnvironment;
import dev.slipway.web.environments.Environments;
import dev.slipway.web.worker.ClusterReaders;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Finds where a component's log is, and reads it. */
@Component
final class Logs {
    private final Environments environments;
    private final ClusterReaders clusters;
    private final ComponentLogs logs;

    Logs(Environments environments, ClusterReaders clusters, ComponentLogs logs) {
        this.environments = environments;
        this.clusters = clusters;
        this.logs = logs;
    }

    /** A component's log, not asked for yet. */
    final class Place {
        private final StoredEnvironment environment;
        private final String component;

        private Place(StoredEnvironment environment, String component) {
            this.environment = environment;
            this.component = component;
        }

        StoredEnvironment environment() {
            return environment;
        }

        String component() {
            return component;
        }

        List<LoggedPod> pods() {
            return logs.pods(cluster(), request(new LogQuery("", "", false, "", ""), null, 0));
        }

        /** @param after exclusive, counts instead of what the query says; {@code null}: what the query says */
        ComponentLogs.Following follow(LogQuery query, @Nullable Instant after, int tail, LogBuffer into) {
            return logs.follow(cluster(), request(query, after, tail), into);
        }

        void read(LogQuery query, int tail, ComponentLogs.Reader reader) throws IOException {
            logs.read(cluster(), request(query, null, tail), reader);
        }

        private ClusterConnection cluster() {
            return clusters.of(environment.cluster());
        }

        /** A person names moments by Slipway's clock; the lines of a log have the cluster's. */
        private @Nullable Instant since(LogQuery query) {
            Instant since = query.from(Instant.now());
            if (since == null) {
                return null;
            }
            ClusterTime time = cluster().time();
            if (!time.known()) {
                pods(); // any answer tells the time
            }
            return time.there(since).truncatedTo(ChronoUnit.SECONDS);
        }

        private LogRequest request(LogQuery query, @Nullable Instant after, int tail) {
            Instant since = after == null ? since(query) : after.plusNanos(1);
            return new LogRequest(
                    environment.namespace(),
                    environment.id(),
                    component,
                    query.pod().isEmpty() ? null : query.pod(),
                    query.container().isEmpty() ? null : query.container(),
                    query.previous(),
                    since,
                    tail,
                    query.search());
        }
    }

    /** @throws ProblemException {@code SLP-ENV-UNKNOWN}, {@code SLP-REQUEST-NOT-FOUND} */
    Place at(String environmentName, String component) {
        StoredEnvironment environment = environments.named(environmentName);
        if (environments.view(environment).component(component).isEmpty()) {
            throw new ProblemException(
                    Problem.of(ProblemCode.REQUEST_NOT_FOUND, environmentName + "/components/" + component));
        }
        return new Place(environment, component);
    }
}
