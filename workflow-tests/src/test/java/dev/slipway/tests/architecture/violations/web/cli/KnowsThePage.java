package dev.slipway.tests.architecture.violations.web.cli;

import dev.slipway.tests.architecture.violations.web.Page;

final class KnowsThePage {
    Class<?> page() {
        return Page.class;
    }
}
