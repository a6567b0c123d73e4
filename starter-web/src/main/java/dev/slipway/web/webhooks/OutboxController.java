package dev.slipway.web.webhooks;

import dev.slipway.activities.notify.OutboxMessage.State;
import dev.slipway.web.access.Needs;
import dev.slipway.web.access.Needs.At;
import dev.slipway.web.shell.Page;
import dev.slipway.workflows.people.Permission;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** The page of the outbox: what could not be delivered first. */
@Controller
@Needs(value = Permission.CONFIGURE, at = At.EVERYWHERE)
final class OutboxController {
    private static final int SHOWN = 50;

    private final Messages messages;

    OutboxController(Messages messages) {
        this.messages = messages;
    }

    @GetMapping("/outbox")
    String list(
            @RequestParam(name = "state", required = false) @Nullable String state,
            @RequestParam(name = "after", required = false) @Nullable Long after,
            Model model) {
        int dead = messages.count(State.DEAD);
        String shown = state == null || state.isBlank() ? (dead > 0 ? "dead" : "waiting") : state;
        Page<MessageView> page = messages.list(shown, after, SHOWN);
        model.addAttribute("state", shown);
        model.addAttribute("dead", dead);
        model.addAttribute("waiting", messages.count(State.WAITING));
        model.addAttribute("messages", page.items());
        model.addAttribute("next", page.next());
        return "webhooks/outbox";
    }

    @GetMapping("/outbox/{message}")
    String one(@PathVariable("message") String id, Model model) {
        model.addAttribute("message", messages.one(id));
        return "webhooks/message";
    }

    @PostMapping("/outbox/{message}/again")
    String again(@PathVariable("message") String id) {
        messages.again(id);
        return "redirect:/outbox/" + id;
    }

    @PostMapping("/outbox:again")
    String allAgain() {
        messages.allAgain();
        return "redirect:/outbox?state=waiting";
    }
}
