package dev.slipway.tests.architecture.violations.web.circle.one;

import dev.slipway.tests.architecture.violations.web.circle.two.Two;

public final class One {
    Object other = Two.class;
}
