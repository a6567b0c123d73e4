package dev.slipway.activities.notify;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.slipway.activities.notify.StatusHost.Provider;
import dev.slipway.activities.notify.StatusHostStore.Access;
import dev.slipway.workflows.run.Outcome;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a commit fares in an environment, as it is kept in the outbox.
 *
 * @param repository {@code team/shop}
 * @param state {@code pending}, {@code success}, {@code failure}, {@code cancelled}
 * @param context {@code slipway/<environment>}: the newest state of a context counts
 * @param link to the run; {@code null}: nobody knows where people reach Slipway
 */
record CommitState(
        String repository,
        String sha,
        String state,
        String context,
        @Nullable String link,
        String description) {
    static final String PENDING = "pending";
    static final String SUCCESS = "success";
    private static final String FAILURE = "failure";
    private static final String CANCELLED = "cancelled";

    @JsonCreator
    static CommitState read(
            @JsonProperty("repository") String repository,
            @JsonProperty("sha") String sha,
            @JsonProperty("state") String state,
            @JsonProperty("context") String context,
            @JsonProperty("link") @Nullable String link,
            @JsonProperty("description") String description) {
        return new CommitState(repository, sha, state, context, link, description);
    }

    static String of(Outcome outcome) {
        return switch (outcome) {
            case SUCCEEDED, UNCHANGED -> SUCCESS;
            case REFUSED, FAILED, ROLLED_BACK, ROLLBACK_INCOMPLETE, TERMINATED -> FAILURE;
            case CANCELLED, STOPPED, SUPERSEDED -> CANCELLED;
        };
    }

    /** As the provider wants it told. */
    Posting posting(Access access) {
        String api = access.host().api();
        Provider provider = access.host().provider();
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Content-Type", "application/json");
        headers.put("User-Agent", "Slipway");
        Map<String, String> body = new LinkedHashMap<>();
        body.put("state", word(provider));
        body.put(provider == Provider.GITLAB ? "name" : "context", context);
        body.put("description", description);
        if (link != null) {
            body.put("target_url", link);
        }
        String token = access.token().reveal();
        String to = switch (provider) {
            case GITHUB -> {
                headers.put("Accept", "application/vnd.github+json");
                headers.put("Authorization", "Bearer " + token);
                yield api + "/repos/" + repository + "/statuses/" + sha;
            }
            case GITEA -> {
                headers.put("Authorization", "token " + token);
                yield api + "/repos/" + repository + "/statuses/" + sha;
            }
            case GITLAB -> {
                headers.put("PRIVATE-TOKEN", token);
                yield api + "/projects/" + URLEncoder.encode(repository, StandardCharsets.UTF_8) + "/statuses/" + sha;
            }
        };
        return new Posting(URI.create(to), headers, NotifyJson.write(body).getBytes(StandardCharsets.UTF_8));
    }

    private String word(Provider provider) {
        return switch (state) {
            case PENDING, SUCCESS -> state;
            case CANCELLED -> provider == Provider.GITLAB ? "canceled" : "error";
            default -> provider == Provider.GITLAB ? "failed" : FAILURE;
        };
    }
}
