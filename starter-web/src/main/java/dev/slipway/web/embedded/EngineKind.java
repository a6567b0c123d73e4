package dev.slipway.web.embedded;

/** Which durable engine drives the runs; the pages say so, because only some of them survive a restart. */
public enum EngineKind {
    /** A Temporal cluster, by setting. */
    CLUSTER,
    /** The {@code temporal} program's development server: runs are kept in the data folder. */
    DEV_SERVER,
    /** Inside this process, in memory: runs in flight at a restart are started again from the store. */
    IN_PROCESS
}
