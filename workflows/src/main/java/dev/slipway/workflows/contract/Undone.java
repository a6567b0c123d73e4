package dev.slipway.workflows.contract;

import dev.slipway.workflows.run.Leftover;
import java.util.List;

/**
 * What became of the undoing of a step.
 *
 * @param leftovers what it has done and that cannot be undone; empty: nothing of it is left
 */
public record Undone(List<Leftover> leftovers) {
    public static final Undone ALL = new Undone(List.of());

    public Undone {
        leftovers = List.copyOf(leftovers);
    }
}
