package dev.slipway.tests.architecture.violations.workflows.run;

import dev.slipway.tests.architecture.violations.activities.git.Tool;

final class KnowsActivities {
    Tool tool = new Tool();
}
