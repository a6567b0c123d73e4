package dev.slipway.web.hooks;

import dev.slipway.web.access.Caller;
import dev.slipway.web.access.Needs;
import dev.slipway.web.access.Needs.At;
import dev.slipway.web.environments.Environments;
import dev.slipway.web.hooks.DeliveryView.ResultView;
import dev.slipway.web.hooks.PushRules.Trial;
import dev.slipway.web.hooks.PushRules.Tried;
import dev.slipway.web.shell.Page;
import dev.slipway.workflows.people.Permission;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;
import java.util.Locale;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Which pushes start what in an environment, over the API. */
@RestController
@Needs(value = Permission.OPERATE, at = At.ENVIRONMENT)
@RequestMapping("/api/v1/environments/{environment}")
@Tag(name = "hooks")
final class PushRuleApi {
    private final PushRules rules;
    private final DeliveryViews views;
    private final Environments environments;

    PushRuleApi(PushRules rules, DeliveryViews views, Environments environments) {
        this.rules = rules;
        this.views = views;
        this.environments = environments;
    }

    @GetMapping("/push-rules")
    @Needs(value = Permission.VIEW, at = At.ENVIRONMENT)
    @Operation(summary = "The rules, in the order in which they are tried; the first that fits counts")
    Page<RuleView> list(@PathVariable("environment") String environment) {
        return new Page<>(rules.of(environment), null);
    }

    @PostMapping("/push-rules")
    @Operation(summary = "Adds a rule behind the others")
    @ApiResponse(responseCode = "201", description = "Created; Location says where it is")
    ResponseEntity<RuleView> add(
            @PathVariable("environment") String environment, @RequestBody WantedRule wanted, Caller caller) {
        RuleView rule = rules.add(environment, wanted, caller.name());
        return ResponseEntity.created(URI.create("/api/v1/environments/" + environment + "/push-rules/" + rule.id()))
                .body(rule);
    }

    @GetMapping("/push-rules/{rule}")
    @Needs(value = Permission.VIEW, at = At.ENVIRONMENT)
    @Operation(summary = "One rule")
    RuleView one(@PathVariable("environment") String environment, @PathVariable("rule") String rule) {
        return RuleView.of(rules.one(environment, rule));
    }

    @PutMapping("/push-rules/{rule}")
    @Operation(summary = "Replaces a rule; it keeps its place")
    RuleView change(
            @PathVariable("environment") String environment,
            @PathVariable("rule") String rule,
            @RequestBody WantedRule wanted,
            Caller caller) {
        return rules.change(environment, rule, wanted, caller.name());
    }

    @DeleteMapping("/push-rules/{rule}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(summary = "Removes a rule; what waited by it does not start")
    void remove(@PathVariable("environment") String environment, @PathVariable("rule") String rule) {
        rules.remove(environment, rule);
    }

    @PostMapping("/push-rules:try")
    @Needs(value = Permission.VIEW, at = At.ENVIRONMENT)
    @Operation(summary = "What the rules would say about a push; nothing is started")
    Page<Tried> tried(@PathVariable("environment") String environment, @RequestBody Trial trial, Locale locale) {
        return new Page<>(rules.tried(environment, trial, locale), null);
    }

    @GetMapping("/pushes")
    @Needs(value = Permission.VIEW, at = At.ENVIRONMENT)
    @Operation(summary = "What pushes came to in this environment, newest first")
    Page<ResultView> pushes(
            @PathVariable("environment") String environment,
            @RequestParam(name = "limit", defaultValue = "50") int limit,
            Locale locale) {
        return new Page<>(views.ofEnvironment(environments.named(environment).id(), Page.limit(limit), locale), null);
    }
}
