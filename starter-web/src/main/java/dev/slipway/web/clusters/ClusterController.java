package dev.slipway.web.clusters;

import dev.slipway.web.access.Needs;
import dev.slipway.web.access.Needs.At;
import dev.slipway.web.problems.ProblemTexts;
import dev.slipway.workflows.people.Permission;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemException;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.multipart.MultipartFile;

/** The pages of clusters. */
@Controller
@Needs(value = Permission.CONFIGURE, at = At.EVERYWHERE)
final class ClusterController {
    private final Clusters clusters;
    private final ProblemTexts texts;

    ClusterController(Clusters clusters, ProblemTexts texts) {
        this.clusters = clusters;
        this.texts = texts;
    }

    @GetMapping("/clusters")
    @Needs(value = Permission.VIEW, at = At.EVERYWHERE)
    String list(Locale locale, Model model) {
        return list(List.of(), locale, model);
    }

    private String list(List<Problem> problems, Locale locale, Model model) {
        model.addAttribute("clusters", clusters.all(locale));
        model.addAttribute("problems", texts.texts(problems, locale));
        return "clusters/list";
    }

    @GetMapping("/clusters/new")
    String ask(Locale locale, Model model) {
        return form("", "", "", List.of(), locale, model);
    }

    /** The kubeconfig itself is not shown again: it holds credentials. */
    @PostMapping("/clusters")
    String add(
            @RequestParam(name = "name", defaultValue = "") String name,
            @RequestParam(name = "kubeconfig", defaultValue = "") String pasted,
            @RequestParam(name = "file", required = false) @Nullable MultipartFile file,
            @RequestParam(name = "context", defaultValue = "") String context,
            @RequestParam(name = "registryAddress", defaultValue = "") String registryAddress,
            Locale locale,
            HttpServletResponse response,
            Model model)
            throws IOException {
        try {
            String text = file == null || file.isEmpty() ? pasted : new String(file.getBytes(), StandardCharsets.UTF_8);
            clusters.add(name.strip(), text, blankToNull(context), blankToNull(registryAddress));
            return "redirect:/clusters";
        } catch (ProblemException refused) {
            response.setStatus(HttpServletResponse.SC_UNPROCESSABLE_CONTENT);
            return form(name, context, registryAddress, refused.problems(), locale, model);
        }
    }

    private static @Nullable String blankToNull(String text) {
        return text.isBlank() ? null : text.strip();
    }

    private String form(
            String name, String context, String registryAddress, List<Problem> problems, Locale locale, Model model) {
        model.addAttribute("name", name);
        model.addAttribute("context", context);
        model.addAttribute("registryAddress", registryAddress);
        model.addAttribute("problems", texts.texts(problems, locale));
        return "clusters/new";
    }

    @PostMapping("/clusters/{name}/test")
    String test(@PathVariable("name") String name) {
        clusters.test(name);
        return "redirect:/clusters";
    }

    @PostMapping("/clusters/{name}/remove")
    String remove(@PathVariable("name") String name, Locale locale, HttpServletResponse response, Model model) {
        try {
            clusters.remove(name);
            return "redirect:/clusters";
        } catch (ProblemException refused) {
            response.setStatus(HttpServletResponse.SC_CONFLICT);
            return list(refused.problems(), locale, model);
        }
    }
}
