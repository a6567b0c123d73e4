package dev.slipway.activities.store.audit;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * What is to be written down. Nothing of what was sent is in it: no body, no secret. Texts are cut to {@value #LONGEST}
 * characters and hold no control characters.
 *
 * @param at to the microsecond
 * @param act the same in both rows of an act
 * @param request what came in; one request may hold several acts
 * @param who name; empty: nobody had signed in
 * @param userId empty: no person of the list
 * @param tokenId empty: no token
 * @param door the word of a {@code Trigger}
 * @param address where it came from; empty: from inside
 * @param action a word, {@code environment.create}
 * @param kind of what it was done to, {@code environment}; empty: the installation
 * @param name of what it was done to
 * @param subjectId of what it was done to, where names are used again; empty: not known
 * @param detail what else identifies it, such as the route or the run
 * @param problem code of the first problem; empty: none
 * @param times how many acts alike this stands for, at least 1
 */
public record AuditEntry(
        Instant at,
        String act,
        String request,
        AuditOutcome outcome,
        String who,
        String userId,
        String tokenId,
        String door,
        String address,
        String action,
        String kind,
        String name,
        String subjectId,
        String detail,
        String problem,
        long times) {
    private static final int LONGEST = 200;

    public AuditEntry {
        at = at.truncatedTo(ChronoUnit.MICROS);
        act = plain(act);
        request = plain(request);
        who = plain(who);
        userId = plain(userId);
        tokenId = plain(tokenId);
        door = plain(door);
        address = plain(address);
        action = plain(action);
        kind = plain(kind);
        name = plain(name);
        subjectId = plain(subjectId);
        detail = plain(detail);
        problem = plain(problem);
    }

    /** Also without lone surrogates, which the database would refuse. */
    private static String plain(String text) {
        StringBuilder kept = new StringBuilder(Math.min(text.length(), LONGEST));
        text.codePoints()
                .limit(LONGEST)
                .map(letter -> Character.isISOControl(letter) || Character.getType(letter) == Character.SURROGATE
                        ? '\uFFFD'
                        : letter)
                .forEach(kept::appendCodePoint);
        return kept.toString();
    }
}
