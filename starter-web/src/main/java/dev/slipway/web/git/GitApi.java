package dev.slipway.web.git;

import dev.slipway.activities.git.GitRefs;
import dev.slipway.web.access.Caller;
import dev.slipway.web.access.Needs;
import dev.slipway.web.access.Needs.At;
import dev.slipway.web.api.Costly;
import dev.slipway.web.api.Repeats;
import dev.slipway.web.shell.Page;
import dev.slipway.workflows.people.Permission;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.media.Schema.RequiredMode;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;
import java.security.Principal;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Logins and ssh servers over the API. */
@RestController
@Needs(value = Permission.CONFIGURE, at = At.EVERYWHERE)
@RequestMapping("/api/v1/git")
@Tag(name = "git")
final class GitApi {
    private final GitServers servers;
    private final Repeats repeats;

    GitApi(GitServers servers, Repeats repeats) {
        this.servers = servers;
        this.repeats = repeats;
    }

    /**
     * A login to keep: a password or token over https, or a private key over ssh.
     *
     * @param address of one repository, of a folder of them, or of a whole server; the nearest one counts
     * @param username {@code null}: the server does not look at it
     * @param repository to try it with before it is kept; {@code null}: it is kept untried
     */
    record NewLogin(
            @Schema(requiredMode = RequiredMode.REQUIRED) @Nullable
            String name,

            @Schema(requiredMode = RequiredMode.REQUIRED) @Nullable
            String address,

            @Nullable String username,
            @Nullable String password,
            @Nullable String privateKey,
            @Nullable String passphrase,
            @Nullable String repository) {
        /** It holds credentials. */
        @Override
        public String toString() {
            return "NewLogin[" + name + "]";
        }

        GitServers.Wanted wanted() {
            return new GitServers.Wanted(
                    text(name),
                    text(address),
                    text(username),
                    text(password),
                    text(privateKey),
                    text(passphrase),
                    text(repository));
        }

        private static String text(@Nullable String value) {
            return value == null ? "" : value;
        }
    }

    /** @param host with its port where that is not 22 */
    record HostKey(
            @Schema(requiredMode = RequiredMode.REQUIRED) @Nullable
            String host,

            @Nullable String fingerprint) {}

    @Costly
    @GetMapping("/refs")
    @Operation(summary = "Branches and tags of a repository, to choose one; askedAt says how old the answer is")
    @Needs(value = Permission.EDIT, at = At.ANYWHERE)
    GitRefs refs(
            @RequestParam("url") String url,
            @RequestParam(name = "q", defaultValue = "") String text,
            @RequestParam(name = "limit", defaultValue = "50") int limit) {
        return servers.refs(url, text, Page.limit(limit));
    }

    @GetMapping("/logins")
    @Operation(summary = "The logins, without what they hold")
    Page<GitLoginView> logins() {
        return new Page<>(servers.logins(), null);
    }

    @Costly
    @PostMapping("/logins")
    @Operation(summary = "Keeps a login, encrypted, after trying it where a repository is given")
    @ApiResponse(responseCode = "201", description = "Created; Location says where it is")
    ResponseEntity<GitLoginView> add(
            @RequestBody NewLogin login,
            @RequestHeader(name = Repeats.HEADER, required = false) @Nullable String key,
            Caller caller) {
        return repeats.once(caller, key, "POST git/logins", login, GitLoginView.class, () -> added(login));
    }

    private ResponseEntity<GitLoginView> added(NewLogin login) {
        GitLoginView added = servers.add(login.wanted());
        return ResponseEntity.created(URI.create("/api/v1/git/logins")).body(added);
    }

    @DeleteMapping("/logins/{login}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(summary = "Forgets a login; what was fetched with it stays readable here")
    void remove(@PathVariable("login") String name) {
        servers.remove(name);
    }

    @GetMapping("/hosts")
    @Operation(summary = "The keys that ssh servers showed")
    Page<GitHostView> hosts() {
        return new Page<>(servers.hosts(), null);
    }

    @Costly
    @PostMapping("/hosts")
    @Operation(summary = "Asks an ssh server for its key; with a fingerprint: confirms the key that it showed")
    Page<GitHostView> host(@RequestBody HostKey key, Principal who) {
        String host = Page.required("host", key.host());
        if (key.fingerprint() == null) {
            servers.look(host);
        } else {
            servers.confirm(host, key.fingerprint(), who.getName());
        }
        return hosts();
    }

    @DeleteMapping("/hosts")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(summary = "Forgets a key of an ssh server")
    void forget(@RequestParam("host") String host, @RequestParam("fingerprint") String fingerprint) {
        servers.forget(host, fingerprint);
    }
}
