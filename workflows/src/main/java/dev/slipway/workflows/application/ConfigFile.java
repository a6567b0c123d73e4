package dev.slipway.workflows.application;

/** A file that is placed into the container; {@code content} may hold {@code ${…}} look-ups. */
public record ConfigFile(String path, String content) {}
