package dev.slipway.workflows.contract;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * Somebody changes something of a component in the middle of a run.
 *
 * @param planId under which the component is planned anew: the run's id, {@code ~} and a number
 * @param inputs of {@link dev.slipway.workflows.run.Choice#EDIT}, by field
 * @param who as the audit knows them
 */
public record Amendment(String runId, String planId, String component, Map<String, String> inputs, String who) {
    public Amendment {
        inputs = Collections.unmodifiableMap(new TreeMap<>(inputs));
    }
}
