package dev.slipway.workflows.application;

/** How components reach one another. */
public enum Governance {
    /** Plain Services. */
    KUBERNETES,
    /** The built-in HAProxy sidecar per component. */
    PROXY,
    ISTIO
}
