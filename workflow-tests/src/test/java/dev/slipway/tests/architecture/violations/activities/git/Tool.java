package dev.slipway.tests.architecture.violations.activities.git;

public final class Tool {}
