package dev.slipway.web.manifests;

import dev.slipway.activities.store.EnvironmentStore.StoredEnvironment;
import dev.slipway.web.access.Needs;
import dev.slipway.web.access.Needs.At;
import dev.slipway.web.environments.Environments;
import dev.slipway.web.manifests.Applied.Group;
import dev.slipway.web.problems.ProblemTexts;
import dev.slipway.workflows.people.Permission;
import dev.slipway.workflows.problem.ProblemException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;

/** What Slipway applies: the page and the document. */
@Controller
@Needs(value = Permission.VIEW, at = At.ENVIRONMENT)
@Tag(name = "environments")
final class ManifestController {
    static final String TEMPLATE = "manifests/manifests";
    private static final MediaType YAML = new MediaType("application", "yaml", StandardCharsets.UTF_8);

    private final Environments environments;
    private final Applied applied;
    private final ProblemTexts texts;

    ManifestController(Environments environments, Applied applied, ProblemTexts texts) {
        this.environments = environments;
        this.applied = applied;
        this.texts = texts;
    }

    @GetMapping("/environments/{name}/manifests")
    String page(@PathVariable("name") String name, Locale locale, HttpServletResponse response, Model model) {
        StoredEnvironment environment = environments.named(name);
        model.addAttribute("environment", environment.name());
        model.addAttribute("problems", null);
        model.addAttribute("groups", List.of());
        try {
            List<Group> groups = applied.to(environment);
            model.addAttribute("groups", groups);
            model.addAttribute("all", Applied.yaml(groups));
        } catch (ProblemException impossible) {
            model.addAttribute("problems", texts.texts(impossible.problems(), locale));
            response.setStatus(HttpServletResponse.SC_UNPROCESSABLE_CONTENT);
        }
        return TEMPLATE;
    }

    @GetMapping("/api/v1/environments/{environment}/manifests")
    @Operation(summary = "What the next deploy applies, as YAML; secrets are ***")
    ResponseEntity<String> yaml(
            @PathVariable("environment") String name,
            @RequestParam(name = "download", defaultValue = "false") boolean download) {
        StoredEnvironment environment = environments.named(name);
        String yaml = Applied.yaml(applied.to(environment));
        HttpHeaders headers = new HttpHeaders();
        headers.setContentType(YAML);
        if (download) {
            headers.setContentDisposition(ContentDisposition.attachment()
                    .filename(environment.name() + ".yaml", StandardCharsets.UTF_8)
                    .build());
        }
        return new ResponseEntity<>(yaml, headers, 200);
    }
}
