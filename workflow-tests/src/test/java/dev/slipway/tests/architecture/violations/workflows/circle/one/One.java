package dev.slipway.tests.architecture.violations.workflows.circle.one;

import dev.slipway.tests.architecture.violations.workflows.circle.two.Two;

public final class One {
    Object other = Two.class;
}
