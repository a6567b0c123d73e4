package dev.slipway.web.chat;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What can be said. */
enum Verb {
    DEPLOY(1, 1),
    STATUS(1, 1),
    RUNS(0, 1),
    CANCEL(1, 1),
    /** Of a run: which choice, and why. */
    ANSWER(2, 200),
    LINK(0, 0),
    UNLINK(0, 0),
    HELP(0, 0);

    private final int fewest;
    private final int most;

    Verb(int fewest, int most) {
        this.fewest = fewest;
        this.most = most;
    }

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    boolean takes(int arguments) {
        return arguments >= fewest && arguments <= most;
    }

    /** What starts or ends runs is done after the chat has its answer: the engine may be slow. */
    boolean isWork() {
        return this == DEPLOY || this == CANCEL || this == ANSWER;
    }

    static Optional<Verb> of(String word) {
        return Arrays.stream(values()).filter(verb -> verb.word().equals(word)).findFirst();
    }

    /** The one that was probably meant; empty: none is near. */
    static Optional<Verb> near(String word) {
        return Arrays.stream(values())
                .filter(verb -> distance(verb.word(), word) <= 2 && word.length() > 2)
                .min(java.util.Comparator.comparingInt(verb -> distance(verb.word(), word)));
    }

    /** How many characters are to be added, left out, changed or swapped with the next. */
    private static int distance(String one, String other) {
        String a = one;
        String b = other.substring(0, Math.min(other.length(), 20));
        int[][] cost = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    cost[i][j] = i + j;
                    continue;
                }
                int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                cost[i][j] = Math.min(Math.min(cost[i - 1][j], cost[i][j - 1]) + 1, cost[i - 1][j - 1] + change);
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    cost[i][j] = Math.min(cost[i][j], cost[i - 2][j - 2] + 1);
                }
            }
        }
        return cost[a.length()][b.length()];
    }

    /** A line of a chat as words. */
    static List<String> words(String text) {
        return Arrays.stream(text.strip().split("\\s+"))
                .filter(word -> !word.isEmpty())
                .toList();
    }
}
