package dev.slipway.workflows.run;

import java.util.List;

/**
 * What a run will do, computed before it does anything, by the code that then does it.
 *
 * @param hash SHA-256 in hex over the wishes and commits; equal plans have equal hashes. It covers no volatile field and
 *     no digest of an image that is not built yet
 * @param items one per component or shared object, in the document's order
 */
public record Plan(String hash, List<PlanItem> items) {
    public Plan {
        items = List.copyOf(items);
    }
}
