package dev.slipway.activities.detect;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Names that a document takes, as near as possible to those that were found. */
final class Names {
    private static final int LONGEST = 36;
    private static final List<String> RESERVED = List.of("self", "param", "environment");

    private final Set<String> taken = new HashSet<>(RESERVED);

    static String of(String text) {
        String name =
                text.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^[-0-9]+|-+$", "");
        String cut =
                name.length() <= LONGEST ? name : name.substring(0, LONGEST).replaceAll("-+$", "");
        return cut.isEmpty() ? "app" : cut;
    }

    /** One that nobody else has. */
    String unique(String text) {
        String name = of(text);
        String unique = name;
        for (int i = 2; !taken.add(unique); i++) {
            unique = name + "-" + i;
        }
        return unique;
    }

    /** Of a repository: its last part. */
    static String ofRepository(String url, String folder) {
        String last = folder.isEmpty() ? url.replaceFirst("[/\\\\]+$", "").replaceFirst("(/?[.]git)$", "") : folder;
        return of(last.replaceFirst("^.*[/:]", ""));
    }
}
