package dev.slipway.tests.architecture.violations.web;

public final class Page {}
