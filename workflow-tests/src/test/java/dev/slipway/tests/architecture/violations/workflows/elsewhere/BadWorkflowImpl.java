package dev.slipway.tests.architecture.violations.workflows.elsewhere;

import java.util.HashMap;
import java.util.Map;

final class BadWorkflowImpl {
    Map<String, String> map = new HashMap<>();
}
