package dev.slipway.web.webhooks;

import dev.slipway.web.access.Needs;
import dev.slipway.web.access.Needs.At;
import dev.slipway.web.shell.Page;
import dev.slipway.workflows.people.Permission;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** The outbox over the API. */
@RestController
@Needs(value = Permission.CONFIGURE, at = At.EVERYWHERE)
@RequestMapping("/api/v1")
@Tag(name = "outbox")
final class OutboxApi {
    private final Messages messages;

    OutboxApi(Messages messages) {
        this.messages = messages;
    }

    /** @param messages that will be sent again */
    record Again(int messages) {}

    @GetMapping("/outbox")
    @Operation(summary = "Messages to webhooks, git servers and chats, newest first")
    Page<MessageView> list(
            @RequestParam(name = "state", required = false) @Nullable String state,
            @RequestParam(name = "after", required = false) @Nullable Long after,
            @RequestParam(name = "limit", defaultValue = "50") int limit) {
        return messages.list(state, after, limit);
    }

    @GetMapping("/outbox/{message}")
    @Operation(summary = "A message with its body")
    MessageView one(@PathVariable("message") String id) {
        return messages.one(id);
    }

    @PostMapping("/outbox/{message}/again")
    @ResponseStatus(HttpStatus.ACCEPTED)
    @Operation(summary = "Sends a dead message again, or a waiting one now")
    MessageView again(@PathVariable("message") String id) {
        return messages.again(id);
    }

    @PostMapping("/outbox:again")
    @ResponseStatus(HttpStatus.ACCEPTED)
    @Operation(summary = "Sends all dead messages again")
    Again allAgain() {
        return new Again(messages.allAgain());
    }
}
