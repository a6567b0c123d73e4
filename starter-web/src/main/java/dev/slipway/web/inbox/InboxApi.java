package dev.slipway.web.inbox;

import dev.slipway.activities.store.EnvironmentStore;
import dev.slipway.web.access.Caller;
import dev.slipway.web.access.Needs;
import dev.slipway.web.access.Needs.At;
import dev.slipway.web.access.SignedInOnly;
import dev.slipway.web.environments.RunRow;
import dev.slipway.web.inbox.Inbox.Part;
import dev.slipway.web.shell.Page;
import dev.slipway.workflows.people.Permission;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** The caller's inbox over the API. */
@RestController
@RequestMapping("/api/v1")
@Tag(name = "inbox")
final class InboxApi {
    private final Inbox inbox;
    private final EnvironmentStore environments;

    InboxApi(Inbox inbox, EnvironmentStore environments) {
        this.inbox = inbox;
        this.environments = environments;
    }

    @GetMapping("/inbox")
    @SignedInOnly
    @Operation(
            summary = "Runs that need me (needs), that I started (mine), or of what I watch (watching); newest first")
    Page<RunRow> inbox(
            @RequestParam(name = "part", defaultValue = "needs") String part,
            @RequestParam(name = "after", required = false) @Nullable Long after,
            @RequestParam(name = "limit", defaultValue = "50") int limit,
            Caller caller) {
        return inbox.page(Part.of(part), caller, after == null ? Long.MAX_VALUE : after, Page.limit(limit));
    }

    @PutMapping("/inbox/{run}/seen")
    @Needs(value = Permission.VIEW, at = At.RUN)
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @ApiResponse(responseCode = "204", description = "It needs me no more")
    void seen(@PathVariable("run") String run, Caller caller) {
        inbox.seen(caller, run);
    }

    @DeleteMapping("/inbox/{run}/seen")
    @Needs(value = Permission.VIEW, at = At.RUN)
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @ApiResponse(responseCode = "204", description = "It may need me again")
    void unseen(@PathVariable("run") String run, Caller caller) {
        inbox.unseen(caller, run);
    }

    @PutMapping("/environments/{environment}/watch")
    @Needs(value = Permission.VIEW, at = At.ENVIRONMENT)
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @ApiResponse(responseCode = "204", description = "Its runs are in my inbox")
    void watch(@PathVariable("environment") String name, Caller caller) {
        inbox.watch(caller, environments.byName(name).orElseThrow().id());
    }

    @DeleteMapping("/environments/{environment}/watch")
    @Needs(value = Permission.VIEW, at = At.ENVIRONMENT)
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @ApiResponse(responseCode = "204", description = "Its runs are in my inbox no more")
    void unwatch(@PathVariable("environment") String name, Caller caller) {
        inbox.unwatch(caller, environments.byName(name).orElseThrow().id());
    }
}
