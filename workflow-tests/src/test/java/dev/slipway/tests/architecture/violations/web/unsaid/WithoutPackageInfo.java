package dev.slipway.tests.architecture.violations.web.unsaid;

final class WithoutPackageInfo {}
