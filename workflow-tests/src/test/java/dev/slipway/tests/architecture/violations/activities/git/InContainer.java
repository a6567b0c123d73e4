package dev.slipway.tests.architecture.violations.activities.git;

import org.springframework.stereotype.Component;

@Component
final class InContainer {}
