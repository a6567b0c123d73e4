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
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** The page of the inbox, and the buttons that fill and empty it. */
@Controller
final class InboxController {
    private static final int ROWS = 50;

    private final Inbox inbox;
    private final EnvironmentStore environments;

    InboxController(Inbox inbox, EnvironmentStore environments) {
        this.inbox = inbox;
        this.environments = environments;
    }

    @GetMapping("/inbox")
    @SignedInOnly
    String inbox(
            @RequestParam(name = "part", defaultValue = "needs") String part,
            @RequestParam(name = "after", required = false) @Nullable Long after,
            Caller caller,
            Model model) {
        Part shown = Part.of(part);
        Page<RunRow> page = inbox.page(shown, caller, after == null ? Long.MAX_VALUE : after, ROWS);
        model.addAttribute("part", shown.word());
        model.addAttribute("parts", Part.values());
        model.addAttribute("needs", inbox.count(caller));
        model.addAttribute("runs", page.items());
        model.addAttribute("next", page.next());
        return "inbox/inbox";
    }

    @PostMapping("/inbox/{run}/seen")
    @Needs(value = Permission.VIEW, at = At.RUN)
    String seen(@PathVariable("run") String run, Caller caller) {
        inbox.seen(caller, run);
        return "redirect:/inbox";
    }

    @PostMapping("/environments/{environment}/watch")
    @Needs(value = Permission.VIEW, at = At.ENVIRONMENT)
    String watch(@PathVariable("environment") String name, Caller caller) {
        inbox.watch(caller, environments.byName(name).orElseThrow().id());
        return "redirect:/environments/" + name;
    }

    @PostMapping("/environments/{environment}/unwatch")
    @Needs(value = Permission.VIEW, at = At.ENVIRONMENT)
    String unwatch(@PathVariable("environment") String name, Caller caller) {
        inbox.unwatch(caller, environments.byName(name).orElseThrow().id());
        return "redirect:/environments/" + name;
    }
}
