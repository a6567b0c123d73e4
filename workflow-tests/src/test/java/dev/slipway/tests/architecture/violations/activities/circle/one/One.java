package dev.slipway.tests.architecture.violations.activities.circle.one;

import dev.slipway.tests.architecture.violations.activities.circle.two.Two;

public final class One {
    Object other = Two.class;
}
