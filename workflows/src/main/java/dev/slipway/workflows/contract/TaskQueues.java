package dev.slipway.workflows.contract;

import dev.slipway.workflows.run.Operation;

/** Names of task queues and workflow ids. */
public final class TaskQueues {
    /** Workflows, and activities that touch store, git and registry for moments. */
    public static final String ORCHESTRATION = "orchestration";
    /** Builds: long, few at a time. */
    public static final String BUILD = "build";

    private TaskQueues() {}

    /** The queue of the workers that talk to a cluster. */
    public static String cluster(String name) {
        return "cluster/" + name;
    }

    public static String laneId(String environmentId) {
        return "lane/" + environmentId;
    }

    /** Builds change nothing of their environment: they wait for one another, and nobody else for them (ADR 34). */
    public static String laneId(String environmentId, Operation operation) {
        return operation == Operation.BUILD ? laneId(environmentId) + "/builds" : laneId(environmentId);
    }

    public static String runId(String runId) {
        return "run/" + runId;
    }

    public static String previewId(String planId) {
        return "plan/" + planId;
    }
}
