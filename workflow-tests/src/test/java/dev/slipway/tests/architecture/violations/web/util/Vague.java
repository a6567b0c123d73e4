package dev.slipway.tests.architecture.violations.web.util;

final class Vague {}
