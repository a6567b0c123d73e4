package dev.slipway.web.builds;

import dev.slipway.web.access.Caller;
import dev.slipway.web.access.Needs;
import dev.slipway.web.access.Needs.At;
import dev.slipway.web.builds.Builds.Filter;
import dev.slipway.web.live.Broadcaster;
import dev.slipway.web.shell.Page;
import dev.slipway.web.shell.Wordings;
import dev.slipway.workflows.people.Permission;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/** The pages of builds. */
@Controller
@Needs(value = Permission.VIEW, at = At.BUILD)
final class BuildController {
    private static final int ROWS = 50;

    private final Builds builds;
    private final BuildPage page;
    private final Broadcaster broadcaster;
    private final Wordings wordings;

    BuildController(Builds builds, BuildPage page, Broadcaster broadcaster, Wordings wordings) {
        this.builds = builds;
        this.page = page;
        this.broadcaster = broadcaster;
        this.wordings = wordings;
    }

    @GetMapping("/builds")
    @Needs(value = Permission.VIEW, at = At.ANYWHERE)
    String list(@ModelAttribute Filter filter, Caller caller, Locale locale, Model model) {
        Page<BuildView> some = builds.list(filter, ROWS, caller, locale);
        model.addAttribute("builds", some.items());
        model.addAttribute("next", some.next());
        model.addAttribute("filter", filter);
        model.addAttribute(
                "filtered",
                Stream.of(filter.application(), filter.component(), filter.state())
                        .anyMatch(word -> word != null && !word.isBlank()));
        model.addAttribute("states", Builds.words());
        return "builds/list";
    }

    @GetMapping("/builds/{id}")
    String one(@PathVariable("id") String id, Locale locale, Model model) {
        model.addAllAttributes(page.model(id, wordings.in(locale)));
        return BuildPage.TEMPLATE;
    }

    @GetMapping("/builds/{id}/log")
    String log(
            @PathVariable("id") String id,
            @RequestParam(name = "after", defaultValue = "0") long after,
            Locale locale,
            Model model) {
        model.addAttribute("build", builds.one(id, locale));
        model.addAllAttributes(page.lines(id, after));
        return BuildPage.TEMPLATE + " :: lines";
    }

    @GetMapping(path = "/builds/{id}/events", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    SseEmitter events(
            @PathVariable("id") String id,
            @RequestHeader(name = "Last-Event-ID", required = false) @Nullable String lastEventId,
            Locale locale,
            HttpServletResponse response) {
        Locale spoken = Wordings.spoken(locale);
        var unused = builds.one(id, spoken);
        response.setHeader("X-Accel-Buffering", "no");
        return broadcaster.open("build/" + id, () -> page.live(id), spoken, lastEventId);
    }
}
