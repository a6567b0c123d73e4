package dev.slipway.tests.architecture.violations.workflows.circle.two;

import dev.slipway.tests.architecture.violations.workflows.circle.one.One;

public final class Two {
    Object other = One.class;
}
