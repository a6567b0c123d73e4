package dev.slipway.tests.architecture.violations.workflows.run;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

final class LosesOrder {
    Map<String, String> map = new HashMap<>();
    Supplier<Set<String>> set = HashSet::new;
}
