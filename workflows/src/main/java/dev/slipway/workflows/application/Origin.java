package dev.slipway.workflows.application;

/** Which template a component was installed from: its identity for upgrades. */
public record Origin(String template, String version, String component) {}
