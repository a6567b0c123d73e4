package dev.slipway.activities.notify;

import dev.slipway.activities.git.GitAddress;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A git server that is told how the commits of its repositories fare.
 *
 * @param address where it is reached by people: {@code https://git.example}, with a path where the server is below one
 * @param api of its API, no slash at the end
 */
public record StatusHost(
        String name,
        Provider provider,
        String address,
        String api,
        String createdBy,
        @Nullable Instant createdAt) {

    /** Whose API the server speaks. */
    public enum Provider {
        /** @see <a href="https://docs.github.com/rest/commits/statuses">GitHub: commit statuses</a> */
        GITHUB,
        /** @see <a href="https://docs.gitlab.com/api/commits/#set-commit-pipeline-status">GitLab: commit status</a> */
        GITLAB,
        /** Forgejo too. @see <a href="https://docs.gitea.com/api/">Gitea: POST /repos/{owner}/{repo}/statuses/{sha}</a> */
        GITEA;

        /** The word of API, pages and store. */
        public String word() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }

        public static Optional<Provider> of(String word) {
            return Arrays.stream(values())
                    .filter(known -> known.word().equals(word))
                    .findFirst();
        }

        /** Where a server of that address has its API, unless somebody says otherwise. */
        public String api(String address) {
            return switch (this) {
                case GITHUB -> address.equals("https://github.com") ? "https://api.github.com" : address + "/api/v3";
                case GITLAB -> address + "/api/v4";
                case GITEA -> address + "/api/v1";
            };
        }
    }

    /** The path of a repository on this server, {@code team/shop}; empty: it is on another one. */
    Optional<String> repository(String url) {
        Optional<GitAddress> server = GitAddress.parse(address);
        Optional<GitAddress> repository = GitAddress.parse(url);
        if (server.isEmpty()
                || repository.isEmpty()
                || !server.get().host().equals(repository.get().host())) {
            return Optional.empty();
        }
        String path = repository.get().path();
        String root = server.get().path() + "/";
        // Over ssh a server has no folder that it is below.
        boolean below = !repository.get().scheme().equals("ssh") && !root.equals("/");
        if (below && !path.startsWith(root)) {
            return Optional.empty();
        }
        String name = below ? path.substring(root.length()) : path.replaceFirst("^/", "");
        return name.matches("[A-Za-z0-9._~-]+(?:/[A-Za-z0-9._~-]+)+") ? Optional.of(name) : Optional.empty();
    }
}
