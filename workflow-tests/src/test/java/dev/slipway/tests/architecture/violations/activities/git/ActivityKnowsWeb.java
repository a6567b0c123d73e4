package dev.slipway.tests.architecture.violations.activities.git;

import dev.slipway.tests.architecture.violations.web.Page;

final class ActivityKnowsWeb {
    Page page = new Page();
}
