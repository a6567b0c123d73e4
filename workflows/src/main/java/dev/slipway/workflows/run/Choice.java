package dev.slipway.workflows.run;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Optional;

/** What a person may answer to a {@link Question}. The words are the same in pages, API, command line and chat. */
public enum Choice {
    /** Try the step again as it is. */
    RETRY("retry"),
    /** Change something of its component, then try again. */
    EDIT("edit"),
    /** Go on as if the step were done; a reason is asked for. */
    SKIP("skip"),
    /** Undo what the run has done. */
    ROLL_BACK("rollBack"),
    /** End the run and leave what it has done. */
    STOP("stop"),
    /** Yes: of an approval, and of a plan that has changed. */
    APPROVE("approve"),
    /** No: the run ends before it has written anything. */
    REJECT("reject");

    private final String word;

    Choice(String word) {
        this.word = word;
    }

    /** The word of API, pages and store. */
    @JsonValue
    public String word() {
        return word;
    }

    /** Empty: there is no such choice. Upper and lower case are the same, and {@code rollback} is said too. */
    public static Optional<Choice> of(String word) {
        return Arrays.stream(values())
                .filter(known -> known.word.equalsIgnoreCase(word))
                .findFirst();
    }

    @JsonCreator
    static Choice read(String word) {
        return of(word).orElseThrow(() -> new IllegalArgumentException("no choice is called " + word));
    }
}
