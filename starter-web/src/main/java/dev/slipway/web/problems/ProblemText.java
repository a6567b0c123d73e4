package dev.slipway.web.problems;

/**
 * A problem for reading.
 *
 * @param code {@code SLP-GIT-DENIED}
 * @param what what is wrong, one sentence
 * @param where the place; empty when the sentence says it all
 * @param fix what to do now
 */
public record ProblemText(String code, String what, String where, String fix) {}
