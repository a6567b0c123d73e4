package dev.slipway.web.webhooks;

import dev.slipway.activities.notify.OutboxMessage.State;
import dev.slipway.activities.notify.StatusHost.Provider;
import dev.slipway.activities.notify.Webhook.Event;
import dev.slipway.activities.store.Secret;
import dev.slipway.web.access.Needs;
import dev.slipway.web.access.Needs.At;
import dev.slipway.web.problems.ProblemTexts;
import dev.slipway.web.webhooks.Receivers.WantedHost;
import dev.slipway.web.webhooks.Receivers.WantedWebhook;
import dev.slipway.workflows.people.Permission;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemException;
import jakarta.servlet.http.HttpServletResponse;
import java.security.Principal;
import java.util.Arrays;
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

/** The pages of webhooks and commit states. */
@Controller
@Needs(value = Permission.CONFIGURE, at = At.EVERYWHERE)
final class WebhookController {
    private final Receivers receivers;
    private final Messages messages;
    private final ProblemTexts texts;

    WebhookController(Receivers receivers, Messages messages, ProblemTexts texts) {
        this.receivers = receivers;
        this.messages = messages;
        this.texts = texts;
    }

    @GetMapping("/webhooks")
    String list(Model model) {
        model.addAttribute("webhooks", receivers.webhooks());
        model.addAttribute("hosts", receivers.hosts());
        model.addAttribute("dead", messages.count(State.DEAD));
        return "webhooks/list";
    }

    @GetMapping("/webhooks/new")
    String ask(Locale locale, Model model) {
        List<String> all = Arrays.stream(Event.values()).map(Event::word).toList();
        return form(new WantedWebhook("", "", all, "", "", true), List.of(), locale, model);
    }

    @PostMapping("/webhooks")
    String add(
            @RequestParam(name = "name", defaultValue = "") String name,
            @RequestParam(name = "url", defaultValue = "") String url,
            @RequestParam(name = "events", required = false) @Nullable List<String> events,
            @RequestParam(name = "application", defaultValue = "") String application,
            @RequestParam(name = "environment", defaultValue = "") String environment,
            Principal who,
            Locale locale,
            HttpServletResponse response,
            Model model) {
        WantedWebhook wanted = new WantedWebhook(
                name.strip(),
                url.strip(),
                events == null ? List.of() : events,
                application.strip(),
                environment.strip(),
                true);
        try {
            Secret secret = receivers.add(wanted, who.getName());
            response.setHeader(HttpHeaders.CONTENT_LOCATION, "/webhooks/" + wanted.name());
            return secret(wanted.name(), secret, model);
        } catch (ProblemException refused) {
            response.setStatus(HttpServletResponse.SC_UNPROCESSABLE_CONTENT);
            return form(wanted, refused.problems(), locale, model);
        }
    }

    private String form(WantedWebhook wanted, List<Problem> problems, Locale locale, Model model) {
        model.addAttribute("form", wanted);
        model.addAttribute(
                "events", Arrays.stream(Event.values()).map(Event::word).toList());
        model.addAttribute("problems", texts.texts(problems, locale));
        return "webhooks/new";
    }

    /** Shown in this answer and never again. */
    private static String secret(String name, Secret secret, Model model) {
        model.addAttribute("name", name);
        model.addAttribute("secret", secret.reveal());
        return "webhooks/secret";
    }

    @PostMapping("/webhooks/{name}/secret")
    String rotate(@PathVariable("name") String name, Model model) {
        return secret(name, receivers.rotate(name), model);
    }

    @PostMapping("/webhooks/{name}/ping")
    String ping(@PathVariable("name") String name) {
        receivers.ping(name);
        return "redirect:/outbox?state=waiting";
    }

    @PostMapping("/webhooks/{name}/switch")
    String switchTo(@PathVariable("name") String name, @RequestParam("enabled") boolean enabled) {
        receivers.switchTo(name, enabled);
        return "redirect:/webhooks";
    }

    @PostMapping("/webhooks/{name}/remove")
    String remove(@PathVariable("name") String name) {
        receivers.remove(name);
        return "redirect:/webhooks";
    }

    @GetMapping("/webhooks/states/new")
    String askForHost(Locale locale, Model model) {
        return hostForm(new WantedHost("", "github", "https://github.com", "", ""), List.of(), locale, model);
    }

    /** The token is not shown again. */
    @PostMapping("/webhooks/states")
    String addHost(
            @RequestParam(name = "name", defaultValue = "") String name,
            @RequestParam(name = "provider", defaultValue = "") String provider,
            @RequestParam(name = "address", defaultValue = "") String address,
            @RequestParam(name = "api", defaultValue = "") String api,
            @RequestParam(name = "token", defaultValue = "") String token,
            Principal who,
            Locale locale,
            HttpServletResponse response,
            Model model) {
        WantedHost wanted = new WantedHost(name.strip(), provider, address.strip(), api.strip(), token);
        try {
            receivers.add(wanted, who.getName());
            return "redirect:/webhooks#states";
        } catch (ProblemException refused) {
            response.setStatus(HttpServletResponse.SC_UNPROCESSABLE_CONTENT);
            return hostForm(wanted, refused.problems(), locale, model);
        }
    }

    private String hostForm(WantedHost wanted, List<Problem> problems, Locale locale, Model model) {
        model.addAttribute("form", wanted);
        model.addAttribute(
                "providers",
                Arrays.stream(Provider.values()).map(Provider::word).toList());
        model.addAttribute("problems", texts.texts(problems, locale));
        return "webhooks/states";
    }

    @PostMapping("/webhooks/states/{name}/remove")
    String removeHost(@PathVariable("name") String name) {
        receivers.removeHost(name);
        return "redirect:/webhooks#states";
    }
}
