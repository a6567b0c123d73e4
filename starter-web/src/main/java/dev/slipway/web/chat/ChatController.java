package dev.slipway.web.chat;

import dev.slipway.web.access.Caller;
import dev.slipway.web.access.Needs;
import dev.slipway.web.access.Needs.At;
import dev.slipway.web.access.SignedInOnly;
import dev.slipway.web.problems.ProblemTexts;
import dev.slipway.workflows.people.Permission;
import dev.slipway.workflows.people.Subject;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemException;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import java.util.Locale;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.support.ServletUriComponentsBuilder;

/** The pages of chats. */
@Controller
@Needs(value = Permission.CONFIGURE, at = At.EVERYWHERE)
final class ChatController {
    private static final Chats.Wanted EMPTY = new Chats.Wanted("", "slack", "signature", "", List.of(), true);

    private final Chats chats;
    private final ProblemTexts texts;

    ChatController(Chats chats, ProblemTexts texts) {
        this.chats = chats;
        this.texts = texts;
    }

    /** Everybody has own accounts here; the rest is shown to whoever may change it. */
    @GetMapping("/chat")
    @SignedInOnly
    String list(Caller caller, Locale locale, Model model) {
        return list(EMPTY, List.of(), caller, locale, model);
    }

    private String list(Chats.Wanted form, List<Problem> problems, Caller caller, Locale locale, Model model) {
        boolean configures = caller.may(Permission.CONFIGURE, Subject.INSTALLATION);
        model.addAttribute("configures", configures);
        model.addAttribute("connections", configures ? chats.connections() : List.of());
        model.addAttribute("accounts", chats.accounts(caller));
        model.addAttribute("providers", chats.providers());
        model.addAttribute(
                "address", ServletUriComponentsBuilder.fromCurrentContextPath().toUriString());
        model.addAttribute("form", form);
        model.addAttribute("problems", texts.texts(problems, locale));
        return "chat/list";
    }

    /** A secret is not shown again. */
    @PostMapping("/chat")
    String put(
            @RequestParam(name = "name", defaultValue = "") String name,
            @RequestParam(name = "provider", defaultValue = "slack") String provider,
            @RequestParam(name = "verification", defaultValue = "signature") String verification,
            @RequestParam(name = "secret", defaultValue = "") String secret,
            @RequestParam(name = "hosts", defaultValue = "") String hosts,
            @RequestParam(name = "enabled", defaultValue = "false") boolean enabled,
            Caller caller,
            Locale locale,
            HttpServletResponse response,
            Model model) {
        Chats.Wanted wanted = new Chats.Wanted(
                name.strip(), provider, verification, secret, List.of(hosts.split("[\\s,]+")), enabled);
        try {
            chats.put(wanted, caller);
            return "redirect:/chat";
        } catch (ProblemException refused) {
            response.setStatus(HttpServletResponse.SC_UNPROCESSABLE_CONTENT);
            return list(wanted, refused.problems(), caller, locale, model);
        }
    }

    @PostMapping("/chat/{connection}/remove")
    String remove(@PathVariable("connection") String name) {
        chats.remove(name);
        return "redirect:/chat";
    }

    @PostMapping("/chat/accounts/{account}/unlink")
    @SignedInOnly
    String unlink(@PathVariable("account") String id, Caller caller) {
        chats.unlink(id, caller);
        return "redirect:/chat";
    }

    @GetMapping("/chat/link/{code}")
    @SignedInOnly
    String ask(@PathVariable("code") String code, Caller caller, Model model) {
        model.addAttribute("who", chats.offered(code));
        model.addAttribute("code", code);
        model.addAttribute("name", caller.name());
        model.addAttribute("person", caller.userId() != null);
        return "chat/link";
    }

    @PostMapping("/chat/link/{code}")
    @SignedInOnly
    String link(@PathVariable("code") String code, Caller caller, Locale locale) {
        chats.link(code, caller, locale);
        return "redirect:/chat";
    }
}
