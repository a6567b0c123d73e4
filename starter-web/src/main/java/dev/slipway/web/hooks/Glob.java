package dev.slipway.web.hooks;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * A pattern for names of branches, tags and files: {@code *} any characters but a slash, {@code **} any characters,
 * {@code **}{@code /} any folders or none, {@code ?} one character but a slash; everything else is meant as it is written. One
 * that ends with a slash means all below. All possibilities are followed at once: the time is at most length of pattern x length of name,
 * whatever they are.
 */
final class Glob {
    private static final int ANY_IN_PART = -1;
    private static final int ANY = -2;
    private static final int ONE = -3;
    /** Goes on here and behind the folders that follow. */
    private static final int MAYBE_FOLDERS = -4;

    private static final int FOLDERS = -5;

    private final int[] tokens;

    private Glob(int[] tokens) {
        this.tokens = tokens;
    }

    static Glob of(String pattern) {
        String whole = pattern.endsWith("/") ? pattern + "**" : pattern;
        List<Integer> tokens = new ArrayList<>();
        for (int i = 0; i < whole.length(); i++) {
            char c = whole.charAt(i);
            if (whole.startsWith("**/", i) && (i == 0 || whole.charAt(i - 1) == '/')) {
                tokens.add(MAYBE_FOLDERS);
                tokens.add(FOLDERS);
                i += 2;
            } else if (whole.startsWith("**", i)) {
                tokens.add(ANY);
                i++;
            } else {
                tokens.add(c == '*' ? ANY_IN_PART : c == '?' ? ONE : c);
            }
        }
        return new Glob(tokens.stream().mapToInt(Integer::intValue).toArray());
    }

    boolean matches(String name) {
        BitSet at = new BitSet(tokens.length + 1);
        enter(at, 0);
        for (int i = 0; i < name.length() && !at.isEmpty(); i++) {
            char c = name.charAt(i);
            BitSet next = new BitSet(tokens.length + 1);
            for (int state = at.nextSetBit(0); state >= 0; state = at.nextSetBit(state + 1)) {
                if (state < tokens.length) {
                    step(state, c, next);
                }
            }
            at = next;
        }
        return at.get(tokens.length);
    }

    private void step(int state, char c, BitSet next) {
        switch (tokens[state]) {
            case ANY -> enter(next, state);
            case ANY_IN_PART -> {
                if (c != '/') {
                    enter(next, state);
                }
            }
            case ONE -> {
                if (c != '/') {
                    enter(next, state + 1);
                }
            }
            case FOLDERS -> {
                next.set(state);
                if (c == '/') {
                    enter(next, state + 1);
                }
            }
            case MAYBE_FOLDERS -> {}
            default -> {
                if (tokens[state] == c) {
                    enter(next, state + 1);
                }
            }
        }
    }

    /** A state, and those that are reached from it without a character. */
    private void enter(BitSet states, int state) {
        if (states.get(state)) {
            return;
        }
        states.set(state);
        if (state == tokens.length) {
            return;
        }
        switch (tokens[state]) {
            case ANY, ANY_IN_PART -> enter(states, state + 1);
            case MAYBE_FOLDERS -> {
                enter(states, state + 1);
                enter(states, state + 2);
            }
            default -> {}
        }
    }
}
