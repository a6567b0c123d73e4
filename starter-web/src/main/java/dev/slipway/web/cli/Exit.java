package dev.slipway.web.cli;

/** What the process ends with. Scripts rely on these numbers. */
final class Exit {
    /** Done; of a run that was followed: it succeeded, or nothing had to be done. */
    static final int DONE = 0;
    /** The run ended otherwise, or its plan will not be carried out as it is. */
    static final int FAILED = 1;
    /** The command line is wrong. */
    static final int USAGE = 2;
    /** No token, a wrong one, or one that may not do this. */
    static final int NOT_PERMITTED = 3;
    /** Slipway does not answer, or has no time. */
    static final int UNREACHABLE = 4;
    /** Slipway refused: an unknown name, a document that is wrong, a run that is over. */
    static final int REFUSED = 5;

    private Exit() {}
}
