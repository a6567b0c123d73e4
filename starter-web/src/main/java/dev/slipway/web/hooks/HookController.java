package dev.slipway.web.hooks;

import dev.slipway.web.access.Caller;
import dev.slipway.web.access.Needs;
import dev.slipway.web.access.Needs.At;
import dev.slipway.web.problems.ProblemTexts;
import dev.slipway.web.shell.Page;
import dev.slipway.workflows.people.Permission;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemException;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.support.ServletUriComponentsBuilder;

/** The pages of hooks and of what was delivered. */
@Controller
@Needs(value = Permission.CONFIGURE, at = At.EVERYWHERE)
final class HookController {
    private static final int ROWS = 50;

    private final Hooks hooks;
    private final DeliveryViews deliveries;
    private final Again again;
    private final ProblemTexts texts;

    HookController(Hooks hooks, DeliveryViews deliveries, Again again, ProblemTexts texts) {
        this.hooks = hooks;
        this.deliveries = deliveries;
        this.again = again;
        this.texts = texts;
    }

    @GetMapping("/hooks")
    String list(@RequestParam(name = "after", required = false) @Nullable String after, Locale locale, Model model) {
        Page<DeliveryView> some = deliveries.list(null, after, ROWS, locale);
        model.addAttribute("hooks", hooks.all());
        model.addAttribute("deliveries", some.items());
        model.addAttribute("next", some.next());
        return "hooks/list";
    }

    @GetMapping("/hooks/new")
    String ask(Model model) {
        return form("", "github", "", List.of(), Locale.ENGLISH, model);
    }

    private String form(
            String name, String provider, String address, List<Problem> problems, Locale locale, Model model) {
        model.addAttribute("name", name);
        model.addAttribute("provider", provider);
        model.addAttribute("address", address);
        model.addAttribute("providers", Provider.words());
        model.addAttribute("problems", texts.texts(problems, locale));
        return "hooks/new";
    }

    /** The secret is on the answer itself: a redirect could not carry it. */
    @PostMapping("/hooks")
    String add(
            @RequestParam(name = "name", defaultValue = "") String name,
            @RequestParam(name = "provider", defaultValue = "") String provider,
            @RequestParam(name = "address", defaultValue = "") String address,
            Caller caller,
            Locale locale,
            HttpServletResponse response,
            Model model) {
        try {
            HookView added = hooks.add(name.strip(), provider, address, caller.name());
            response.setHeader(HttpHeaders.CONTENT_LOCATION, "/hooks/" + added.id());
            return page(added, null, List.of(), locale, response, model);
        } catch (ProblemException refused) {
            response.setStatus(HttpServletResponse.SC_UNPROCESSABLE_CONTENT);
            return form(name, provider, address, refused.problems(), locale, model);
        }
    }

    @GetMapping("/hooks/{hook}")
    String one(
            @PathVariable("hook") String id,
            @RequestParam(name = "after", required = false) @Nullable String after,
            Locale locale,
            HttpServletResponse response,
            Model model) {
        return page(hooks.one(id), after, List.of(), locale, response, model);
    }

    private String page(
            HookView hook,
            @Nullable String after,
            List<Problem> problems,
            Locale locale,
            HttpServletResponse response,
            Model model) {
        Page<DeliveryView> some = deliveries.list(hook.id(), after, ROWS, locale);
        if (hook.secret() != null) {
            response.setHeader("Cache-Control", "no-store");
        }
        model.addAttribute("hook", hook);
        model.addAttribute(
                "target",
                ServletUriComponentsBuilder.fromCurrentContextPath()
                        .path(hook.path())
                        .toUriString());
        model.addAttribute("deliveries", some.items());
        model.addAttribute("next", some.next());
        model.addAttribute("problems", texts.texts(problems, locale));
        return "hooks/hook";
    }

    @PostMapping("/hooks/{hook}/secrets")
    String renew(@PathVariable("hook") String id, Locale locale, HttpServletResponse response, Model model) {
        try {
            return page(hooks.renew(id), null, List.of(), locale, response, model);
        } catch (ProblemException refused) {
            response.setStatus(HttpServletResponse.SC_CONFLICT);
            return page(hooks.one(id), null, refused.problems(), locale, response, model);
        }
    }

    @PostMapping("/hooks/{hook}/secrets/{secret}/remove")
    String removeSecret(
            @PathVariable("hook") String id,
            @PathVariable("secret") String secret,
            Locale locale,
            HttpServletResponse response,
            Model model) {
        try {
            hooks.removeSecret(id, secret);
            return "redirect:/hooks/" + hooks.one(id).id();
        } catch (ProblemException refused) {
            response.setStatus(HttpServletResponse.SC_CONFLICT);
            return page(hooks.one(id), null, refused.problems(), locale, response, model);
        }
    }

    @PostMapping("/hooks/{hook}/remove")
    String remove(@PathVariable("hook") String id) {
        hooks.remove(id);
        return "redirect:/hooks";
    }

    @GetMapping("/hooks/deliveries/{delivery}")
    String delivery(@PathVariable("delivery") String id, Locale locale, Model model) {
        return delivery(id, List.of(), locale, model);
    }

    private String delivery(String id, List<Problem> problems, Locale locale, Model model) {
        model.addAttribute("delivery", deliveries.one(id, locale));
        model.addAttribute("problems", texts.texts(problems, locale));
        return "hooks/delivery";
    }

    @PostMapping("/hooks/deliveries/{delivery}/again")
    String again(@PathVariable("delivery") String id, Locale locale, HttpServletResponse response, Model model) {
        try {
            again.start(id);
            return "redirect:/hooks/deliveries/" + deliveries.one(id, locale).id();
        } catch (ProblemException refused) {
            response.setStatus(HttpServletResponse.SC_CONFLICT);
            return delivery(id, refused.problems(), locale, model);
        }
    }
}
