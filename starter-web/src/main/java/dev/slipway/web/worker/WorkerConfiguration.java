package dev.slipway.web.worker;

import dev.slipway.activities.build.ImageBuildActivities;
import dev.slipway.activities.git.JGitActivities;
import dev.slipway.activities.store.JdbcStoreActivities;
import dev.slipway.activities.store.SecretBox;
import dev.slipway.web.SlipwaySettings;
import dev.slipway.web.SlipwaySettings.Role;
import dev.slipway.web.embedded.EngineKind;
import dev.slipway.web.embedded.TemporalEngine;
import dev.slipway.workflows.contract.TaskQueues;
import dev.slipway.workflows.deploy.DeployWorkflowImpl;
import dev.slipway.workflows.deploy.PreviewWorkflowImpl;
import dev.slipway.workflows.environment.LaneWorkflowImpl;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowClientOptions;
import io.temporal.serviceclient.WorkflowServiceStubs;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** THE list: every {@link WorkerQueue} is a bean here. */
@Configuration(proxyBeanMethods = false)
class WorkerConfiguration {

    @Bean(destroyMethod = "")
    WorkflowServiceStubs workflowServiceStubs(TemporalEngine engine) {
        return engine.stubs();
    }

    @Bean
    WorkflowClient workflowClient(WorkflowServiceStubs stubs, TemporalEngine engine, SecretBox secretBox) {
        WorkflowClientOptions.Builder options = WorkflowClientOptions.newBuilder()
                .setNamespace(engine.namespace())
                .setDataConverter(Payloads.converter(secretBox));
        if (engine.kind() == EngineKind.IN_PROCESS) {
            // It does not know worker heartbeats and would warn at each.
            options.setWorkerHeartbeatInterval(Duration.ofSeconds(-1));
        }
        return WorkflowClient.newInstance(stubs, options.build());
    }

    @Bean
    Workers workers(
            WorkflowClient client,
            TemporalEngine engine,
            ObjectProvider<WorkerQueue> queues,
            ClusterRooms clusters,
            SlipwaySettings settings) {
        List<WorkerQueue> mine = settings.hasRole(Role.WORKER)
                ? Stream.concat(queues.orderedStream(), clusters.queues().stream())
                        .toList()
                : List.of();
        return new Workers(client, engine.kind(), mine);
    }

    @Bean
    WorkerQueue orchestrationQueue(JdbcStoreActivities store, JGitActivities git, ImageBuildActivities images) {
        return new WorkerQueue(
                TaskQueues.ORCHESTRATION,
                List.of(LaneWorkflowImpl.class, DeployWorkflowImpl.class, PreviewWorkflowImpl.class),
                List.of(store, git, images),
                50);
    }

    @Bean
    WorkerQueue buildQueue(ImageBuildActivities images) {
        // Most of them wait for a Job in a cluster; those that work here take turns.
        return new WorkerQueue(TaskQueues.BUILD, List.of(), List.of(images), 64);
    }
}
