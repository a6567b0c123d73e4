package dev.slipway.tests.architecture.violations.web.unmarked;

final class WithoutNullMarked {}
