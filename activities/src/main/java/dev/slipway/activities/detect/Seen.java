package dev.slipway.activities.detect;

/**
 * A sign, in the words of the file itself.
 *
 * @param file path in the repository
 * @param what of it; empty: that it is there
 */
public record Seen(String file, String what) {
    private static final int LONGEST = 120;

    public Seen {
        String line = what.replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
        what = line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "…";
    }

    static Seen file(String file) {
        return new Seen(file, "");
    }

    @Override
    public String toString() {
        return what.isEmpty() ? file : file + ": " + what;
    }
}
