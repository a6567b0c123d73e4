package dev.slipway.workflows.people;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** One thing that somebody may do. Also the scopes of a token: it may do what its owner may, and of that only these. */
public enum Permission {
    /** See applications, environments, releases, runs, builds and logs. */
    VIEW,
    /** Plan, build, deploy, restart, scale; cancel a run; choose a branch. */
    DEPLOY,
    /** Change documents, create applications. */
    EDIT,
    /** Create and destroy environments, delete applications, say which pushes deploy. */
    OPERATE,
    /** Give the approvals that a run asks for. */
    APPROVE,
    /** Change what the whole installation uses: clusters, git logins, webhooks, chat. */
    CONFIGURE,
    /** Invite people, give them roles, issue service tokens. */
    PEOPLE,
    /** Read the audit. */
    AUDIT;

    /** The word of API, pages and store. */
    @JsonValue
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<Permission> of(String word) {
        return Arrays.stream(values())
                .filter(known -> known.word().equals(word))
                .findFirst();
    }
}
