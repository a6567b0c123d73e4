package dev.slipway.web.webhooks;

import dev.slipway.activities.store.Secret;
import dev.slipway.web.access.Needs;
import dev.slipway.web.access.Needs.At;
import dev.slipway.web.shell.Page;
import dev.slipway.web.webhooks.Receivers.WantedHost;
import dev.slipway.web.webhooks.Receivers.WantedWebhook;
import dev.slipway.workflows.people.Permission;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;
import java.security.Principal;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Webhooks and commit states over the API. */
@RestController
@Needs(value = Permission.CONFIGURE, at = At.EVERYWHERE)
@RequestMapping("/api/v1")
@Tag(name = "webhooks")
final class WebhookApi {
    private final Receivers receivers;

    WebhookApi(Receivers receivers) {
        this.receivers = receivers;
    }

    /**
     * A webhook to keep.
     *
     * @param url https; other addresses where {@code slipway.outbound.allow} names them
     * @param events {@code run.finished}, {@code run.failed}; {@code null}: both
     * @param application only its runs; {@code null}: those of all
     * @param environment only its runs; {@code null}: those of all
     * @param enabled {@code null}: yes
     */
    record NewWebhook(
            @Nullable String name,
            @Nullable String url,
            @Nullable List<String> events,
            @Nullable String application,
            @Nullable String environment,
            @Nullable Boolean enabled) {
        WantedWebhook wanted(@Nullable String givenName) {
            return new WantedWebhook(
                    text(givenName),
                    text(url),
                    events == null
                            ? List.of("run.finished", "run.failed")
                            : events.stream().filter(Objects::nonNull).toList(),
                    text(application),
                    text(environment),
                    enabled == null || enabled);
        }
    }

    /** @param secret that signs its messages; it is not told again */
    record WithSecret(WebhookView webhook, String secret) {
        /** It holds credentials. */
        @Override
        public String toString() {
            return "WithSecret[" + webhook.name() + "]";
        }
    }

    /**
     * A git server to tell of commits.
     *
     * @param provider {@code github}, {@code gitlab}, {@code gitea} (Forgejo too)
     * @param address of the server, {@code https://github.com}
     * @param api of its API; {@code null}: where such a server usually has it
     * @param token that may write states of commits
     */
    record NewHost(
            @Nullable String name,
            @Nullable String provider,
            @Nullable String address,
            @Nullable String api,
            @Nullable String token) {
        /** It holds credentials. */
        @Override
        public String toString() {
            return "NewHost[" + name + "]";
        }
    }

    private static String text(@Nullable String value) {
        return value == null ? "" : value;
    }

    @GetMapping("/webhooks")
    @Operation(summary = "The webhooks, without their secrets")
    Page<WebhookView> webhooks() {
        return new Page<>(receivers.webhooks(), null);
    }

    @PostMapping("/webhooks")
    @Operation(summary = "Adds a webhook; the answer has its secret, which is not told again")
    @ApiResponse(responseCode = "201", description = "Created; Location says where it is")
    ResponseEntity<WithSecret> add(@RequestBody NewWebhook webhook, Principal who) {
        WantedWebhook wanted = webhook.wanted(webhook.name());
        Secret secret = receivers.add(wanted, who.getName());
        return ResponseEntity.created(URI.create("/api/v1/webhooks/" + wanted.name()))
                .body(new WithSecret(receivers.webhook(wanted.name()), secret.reveal()));
    }

    @GetMapping("/webhooks/{webhook}")
    WebhookView one(@PathVariable("webhook") String name) {
        return receivers.webhook(name);
    }

    @PutMapping("/webhooks/{webhook}")
    @Operation(summary = "Changes all of a webhook but its name and secret")
    WebhookView change(@PathVariable("webhook") String name, @RequestBody NewWebhook webhook) {
        return receivers.change(webhook.wanted(name));
    }

    @DeleteMapping("/webhooks/{webhook}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(summary = "Removes a webhook; what waits for it is given up")
    void remove(@PathVariable("webhook") String name) {
        receivers.remove(name);
    }

    @PostMapping("/webhooks/{webhook}/secret")
    @Operation(summary = "Makes a new secret; for a day the one before signs too")
    WithSecret rotate(@PathVariable("webhook") String name) {
        Secret secret = receivers.rotate(name);
        return new WithSecret(receivers.webhook(name), secret.reveal());
    }

    @PostMapping("/webhooks/{webhook}/ping")
    @ResponseStatus(HttpStatus.ACCEPTED)
    @Operation(summary = "Sends a ping; the outbox shows whether it arrived")
    void ping(@PathVariable("webhook") String name) {
        receivers.ping(name);
    }

    @GetMapping("/commit-states")
    @Operation(summary = "The git servers that are told of commits, without their tokens")
    Page<StatusHostView> hosts() {
        return new Page<>(receivers.hosts(), null);
    }

    @PostMapping("/commit-states")
    @Operation(summary = "Tells a git server how the commits of its repositories fare in environments")
    @ApiResponse(responseCode = "201", description = "Created; Location says where it is")
    ResponseEntity<StatusHostView> addHost(@RequestBody NewHost host, Principal who) {
        StatusHostView added = receivers.add(
                new WantedHost(
                        text(host.name()),
                        text(host.provider()),
                        text(host.address()),
                        text(host.api()),
                        text(host.token())),
                who.getName());
        return ResponseEntity.created(URI.create("/api/v1/commit-states")).body(added);
    }

    @DeleteMapping("/commit-states/{host}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(summary = "Tells a git server nothing any more, and forgets its token")
    void removeHost(@PathVariable("host") String name) {
        receivers.removeHost(name);
    }
}
