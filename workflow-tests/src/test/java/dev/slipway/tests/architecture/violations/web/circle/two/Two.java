package dev.slipway.tests.architecture.violations.web.circle.two;

import dev.slipway.tests.architecture.violations.web.circle.one.One;

public final class Two {
    Object other = One.class;
}
