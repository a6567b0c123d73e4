package dev.slipway.tests.architecture.violations.workflows.run;

import dev.slipway.tests.architecture.violations.web.Page;

final class KnowsWeb {
    Page page = new Page();
}
