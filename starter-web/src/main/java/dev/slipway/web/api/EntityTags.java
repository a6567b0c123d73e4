package dev.slipway.web.api;

import dev.slipway.activities.hash.Sha256;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import org.jspecify.annotations.Nullable;

/**
 * Strong entity tags of documents (ADR 44). A tag is {@code "<edited>-<shown>"}: which state of what can be edited, and a hash
 * of the whole answer, which also tells what lives. {@code If-None-Match} compares all of it, {@code If-Match} the first
 * part: a pod that became ready is no reason to refuse a change of the document.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#name-preconditions">RFC 9110, section 13</a>
 */
public final class EntityTags {
    private static final int LENGTH = 16;
    private static final String ANY = "*";

    private EntityTags() {}

    /**
     * @param edited names the state of what can be edited; without dashes and quotes
     * @param shown the answer; it is told apart by its {@code toString}
     */
    public static String tag(String edited, Object shown) {
        return '"' + edited + '-' + hash(shown.toString()) + '"';
    }

    /** Names the state of a text by what it says. */
    public static String ofText(String text) {
        return hash(text);
    }

    /**
     * What a writer saw, by its {@code If-Match}.
     *
     * @param ifMatch {@code null}: the header is missing
     * @param edited the state that there is
     * @param name of the document
     * @throws ProblemException {@code SLP-REQUEST-PRECONDITION} when it is missing, {@code SLP-REQUEST-CHANGED} when it names
     *     another state
     */
    public static void require(@Nullable String ifMatch, String edited, String name) {
        if (ifMatch == null || ifMatch.isBlank()) {
            throw new ProblemException(Problem.of(ProblemCode.REQUEST_PRECONDITION, "If-Match", "name", name));
        }
        optional(ifMatch, edited, name);
    }

    /** Likewise where {@code If-Match} may be missing. */
    public static void optional(@Nullable String ifMatch, String edited, String name) {
        if (ifMatch != null && !ifMatch.isBlank() && !names(ifMatch, edited)) {
            throw new ProblemException(
                    Problem.of(ProblemCode.REQUEST_CHANGED, "If-Match", "name", name, "now", '"' + edited + '"'));
        }
    }

    private static boolean names(String ifMatch, String edited) {
        if (ifMatch.strip().equals(ANY)) {
            return true;
        }
        for (String one : ifMatch.split(",", -1)) {
            String tag = one.strip().replace("\"", "");
            int shown = tag.indexOf('-');
            if ((shown < 0 ? tag : tag.substring(0, shown)).equals(edited)) {
                return true;
            }
        }
        return false;
    }

    private static String hash(String text) {
        return Sha256.hex(text).substring(0, LENGTH);
    }
}
