package dev.slipway.web.embedded.registry;

import java.util.regex.Pattern;

/** What a repository and a tag may be called; whatever passes is safe as a relative path. */
final class RepositoryName {
    /** The longest name that clients accept together with a host. */
    private static final int LONGEST = 255;

    private static final String PART = "[a-z0-9]++(?:(?:\\.|__?|-++)[a-z0-9]++)*+";
    private static final Pattern SYNTAX = Pattern.compile(PART + "(?:/" + PART + ")*+");
    private static final Pattern TAG = Pattern.compile("[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}");

    private RepositoryName() {}

    static boolean isName(String text) {
        return text.length() <= LONGEST && SYNTAX.matcher(text).matches();
    }

    /** @throws OciError 400 NAME_INVALID when it is none */
    static String check(String text) {
        if (!isName(text)) {
            throw new OciError(400, "NAME_INVALID", "not a repository name: " + OciError.quote(text));
        }
        return text;
    }

    static boolean isTag(String text) {
        return TAG.matcher(text).matches();
    }
}
