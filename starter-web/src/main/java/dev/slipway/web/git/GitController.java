package dev.slipway.web.git;

import dev.slipway.activities.git.GitRefs;
import dev.slipway.web.access.Needs;
import dev.slipway.web.access.Needs.At;
import dev.slipway.web.problems.ProblemTexts;
import dev.slipway.workflows.people.Permission;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemException;
import jakarta.servlet.http.HttpServletResponse;
import java.security.Principal;
import java.util.List;
import java.util.Locale;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** The pages of git. */
@Controller
@Needs(value = Permission.CONFIGURE, at = At.EVERYWHERE)
final class GitController {
    private final GitServers servers;
    private final ProblemTexts texts;

    GitController(GitServers servers, ProblemTexts texts) {
        this.servers = servers;
        this.texts = texts;
    }

    @GetMapping("/git")
    String list(Locale locale, Model model) {
        return list("", List.of(), locale, model);
    }

    private String list(String host, List<Problem> problems, Locale locale, Model model) {
        model.addAttribute("logins", servers.logins());
        model.addAttribute("hosts", servers.hosts());
        model.addAttribute("host", host);
        model.addAttribute("problems", texts.texts(problems, locale));
        return "git/list";
    }

    /** What a field for a branch or a tag offers while somebody types; a part of a page. */
    @GetMapping("/git/refs")
    @Needs(value = Permission.EDIT, at = At.ANYWHERE)
    String refs(
            @RequestParam("url") String url,
            @RequestParam(name = "kind", defaultValue = "branch") String kind,
            @RequestParam(name = "q", defaultValue = "") String text,
            Locale locale,
            Model model) {
        List<GitRefs> refs = List.of();
        List<Problem> problems = List.of();
        try {
            refs = List.of(servers.refs(url, text, RefChoices.MOST + 1));
        } catch (ProblemException refused) {
            problems = refused.problems();
        }
        model.addAttribute("choices", RefChoices.of(refs, kind, texts.texts(problems, locale)));
        return "git/refs :: choices";
    }

    @GetMapping("/git/new")
    String ask(
            @RequestParam(name = "kind", defaultValue = "password") String kind,
            @RequestParam(name = "address", defaultValue = "") String address,
            Locale locale,
            Model model) {
        return form(new GitServers.Wanted("", address, "", "", "", "", address), kind, List.of(), locale, model);
    }

    /** Passwords and keys are not shown again. */
    @PostMapping("/git")
    String add(
            @RequestParam(name = "kind", defaultValue = "password") String kind,
            @RequestParam(name = "name", defaultValue = "") String name,
            @RequestParam(name = "address", defaultValue = "") String address,
            @RequestParam(name = "username", defaultValue = "") String username,
            @RequestParam(name = "password", defaultValue = "") String password,
            @RequestParam(name = "privateKey", defaultValue = "") String privateKey,
            @RequestParam(name = "passphrase", defaultValue = "") String passphrase,
            @RequestParam(name = "repository", defaultValue = "") String repository,
            Locale locale,
            HttpServletResponse response,
            Model model) {
        GitServers.Wanted wanted =
                new GitServers.Wanted(name.strip(), address, username, password, privateKey, passphrase, repository);
        try {
            servers.add(wanted);
            return "redirect:/git";
        } catch (ProblemException refused) {
            response.setStatus(HttpServletResponse.SC_UNPROCESSABLE_CONTENT);
            // Then the login is kept, and the server's key is confirmed next.
            return GitServers.aboutTheServer(refused)
                    ? list("", refused.problems(), locale, model)
                    : form(wanted, kind, refused.problems(), locale, model);
        }
    }

    private String form(GitServers.Wanted wanted, String kind, List<Problem> problems, Locale locale, Model model) {
        model.addAttribute("form", wanted);
        model.addAttribute("key", kind.equals("sshKey"));
        model.addAttribute("problems", texts.texts(problems, locale));
        return "git/new";
    }

    @PostMapping("/git/{name}/remove")
    String remove(@PathVariable("name") String name) {
        servers.remove(name);
        return "redirect:/git";
    }

    @PostMapping("/git/hosts")
    String look(@RequestParam("host") String host, Locale locale, HttpServletResponse response, Model model) {
        try {
            servers.look(host);
            return "redirect:/git#hosts";
        } catch (ProblemException refused) {
            response.setStatus(HttpServletResponse.SC_UNPROCESSABLE_CONTENT);
            return list(host, refused.problems(), locale, model);
        }
    }

    @PostMapping("/git/hosts/confirm")
    String confirm(@RequestParam("host") String host, @RequestParam("fingerprint") String fingerprint, Principal who) {
        servers.confirm(host, fingerprint, who.getName());
        return "redirect:/git#hosts";
    }

    @PostMapping("/git/hosts/forget")
    String forget(@RequestParam("host") String host, @RequestParam("fingerprint") String fingerprint) {
        servers.forget(host, fingerprint);
        return "redirect:/git#hosts";
    }
}
