package dev.slipway.web.problems;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A problem for reading.
 *
 * @param code {@code SLP-GIT-DENIED}
 * @param what what is wrong, one sentence
 * @param where the place; empty when the sentence says it all
 * @param fix what to do now
 * @param page of Slipway on which it is mended, {@code /git/new?address=…}; {@code null}: none
 * @param also other causes of the same failure, the more likely ones first
 */
public record ProblemText(
        String code,
        String what,
        String where,
        String fix,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String page,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<ProblemText> also) {
    public ProblemText {
        also = List.copyOf(also);
    }

    /** Without others. */
    public ProblemText(String code, String what, String where, String fix) {
        this(code, what, where, fix, null, List.of());
    }
}
