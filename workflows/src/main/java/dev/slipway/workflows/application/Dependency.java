package dev.slipway.workflows.application;

/** An edge: this component needs another one to have reached a condition before it starts. */
public record Dependency(String component, Condition when) {
    public enum Condition {
        /** Connection info and an edge, no order. */
        LINKED,
        /** A container of the new revision runs. */
        STARTED,
        HEALTHY,
        /** The job succeeded. */
        COMPLETED;

        public boolean orders() {
            return this != LINKED;
        }
    }
}
