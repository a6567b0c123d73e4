package dev.slipway.web.hooks;

import dev.slipway.web.access.Caller;
import dev.slipway.web.access.Needs;
import dev.slipway.web.access.Needs.At;
import dev.slipway.web.shell.Page;
import dev.slipway.workflows.people.Permission;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** The hooks that git providers call, over the API. */
@RestController
@Needs(value = Permission.CONFIGURE, at = At.EVERYWHERE)
@RequestMapping("/api/v1/hooks")
@Tag(name = "hooks")
final class HookApi {
    private final Hooks hooks;

    HookApi(Hooks hooks) {
        this.hooks = hooks;
    }

    /**
     * A hook to make.
     *
     * @param provider {@code github}, {@code gitlab}, {@code gitea}, {@code forgejo} or {@code gitee}
     * @param address the repositories that it may speak for: one, a folder of them, or a server
     */
    record NewHook(
            @Nullable String name,
            @Nullable String provider,
            @Nullable String address) {}

    @GetMapping
    @Operation(summary = "All hooks, by name, without their secrets")
    Page<HookView> list() {
        return new Page<>(hooks.all(), null);
    }

    @GetMapping("/{hook}")
    @Operation(summary = "One hook, without its secrets")
    HookView one(@PathVariable("hook") String id) {
        return hooks.one(id);
    }

    @PostMapping
    @Operation(summary = "Makes a hook; its secret is in this answer and nowhere else")
    @ApiResponse(responseCode = "201", description = "Created; Location says where it is")
    ResponseEntity<HookView> add(@RequestBody NewHook wanted, Caller caller) {
        HookView hook = hooks.add(
                Page.required("name", wanted.name()),
                Page.required("provider", wanted.provider()),
                Page.required("address", wanted.address()),
                caller.name());
        return ResponseEntity.created(URI.create("/api/v1/hooks/" + hook.id())).body(hook);
    }

    @PostMapping("/{hook}/secrets")
    @ResponseStatus(HttpStatus.CREATED)
    @Operation(
            summary =
                    "Another secret, in this answer and nowhere else; the older ones stay good until they are removed")
    HookView renew(@PathVariable("hook") String id) {
        return hooks.renew(id);
    }

    @DeleteMapping("/{hook}/secrets/{secret}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(summary = "Removes a secret; the last one stays")
    void removeSecret(@PathVariable("hook") String id, @PathVariable("secret") String secret) {
        hooks.removeSecret(id, secret);
    }

    @DeleteMapping("/{hook}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(summary = "Removes a hook; its deliveries stay to be read, what of them waited does not start")
    void remove(@PathVariable("hook") String id) {
        hooks.remove(id);
    }
}
