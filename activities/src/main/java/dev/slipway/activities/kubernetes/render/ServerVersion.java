package dev.slipway.activities.kubernetes.render;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which Kubernetes renders what it is given: some fields are refused by older servers. */
public record ServerVersion(int major, int minor) {
    private static final Pattern LEADING = Pattern.compile("([0-9]{1,4}).*");

    /** As {@code /version} says it; some providers write {@code 34+}. What can't be read is taken for a very old one. */
    public static ServerVersion of(String major, String minor) {
        return new ServerVersion(number(major), number(minor));
    }

    private static int number(String text) {
        Matcher matcher = LEADING.matcher(text.strip());
        return matcher.matches() ? Integer.parseInt(matcher.group(1)) : 0;
    }

    /**
     * Whether a container can be told to just wait before it ends.
     *
     * @see <a href="https://kubernetes.io/docs/concepts/containers/container-lifecycle-hooks/">Container hooks</a>
     */
    boolean sleepsBeforeStop() {
        return major > 1 || major == 1 && minor >= 30;
    }
}
