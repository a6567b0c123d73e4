package dev.slipway.tests.architecture.violations.activities.circle.two;

import dev.slipway.tests.architecture.violations.activities.circle.one.One;

public final class Two {
    Object other = One.class;
}
