package dev.slipway.web.hooks;

import dev.slipway.web.access.Needs;
import dev.slipway.web.access.Needs.At;
import dev.slipway.web.shell.Page;
import dev.slipway.workflows.people.Permission;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** What git providers delivered, over the API. */
@RestController
@Needs(value = Permission.CONFIGURE, at = At.EVERYWHERE)
@RequestMapping("/api/v1/deliveries")
@Tag(name = "hooks")
final class DeliveryApi {
    private final DeliveryViews views;
    private final Again again;

    DeliveryApi(DeliveryViews views, Again again) {
        this.views = views;
        this.again = again;
    }

    @GetMapping
    @Operation(summary = "Deliveries, newest first, with what each came to; also those that were refused")
    Page<DeliveryView> list(
            @RequestParam(name = "hook", required = false) @Nullable String hook,
            @RequestParam(name = "after", required = false) @Nullable String after,
            @RequestParam(name = "limit", defaultValue = "50") int limit,
            Locale locale) {
        return views.list(hook, after, Page.limit(limit), locale);
    }

    @GetMapping("/{delivery}")
    @Operation(summary = "One delivery, with what it came to by every rule that knows its repository")
    DeliveryView one(@PathVariable("delivery") String id, Locale locale) {
        return views.one(id, locale);
    }

    @PostMapping("/{delivery}/again")
    @ResponseStatus(HttpStatus.ACCEPTED)
    @Operation(summary = "Starts what of it could not be started, and nothing else")
    DeliveryView again(@PathVariable("delivery") String id, Locale locale) {
        again.start(id);
        return views.one(id, locale);
    }
}
