package dev.slipway.web.pages;

import dev.slipway.web.access.Caller;
import dev.slipway.web.access.Offers;
import dev.slipway.web.shell.Shell;
import dev.slipway.web.shell.SiteLinks;
import dev.slipway.web.shell.Wordings;
import dev.slipway.workflows.people.Subject;
import dev.slipway.workflows.run.Trigger;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.springframework.context.MessageSource;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.mock.web.MockServletContext;
import org.thymeleaf.context.WebContext;
import org.thymeleaf.spring6.SpringTemplateEngine;
import org.thymeleaf.templatemode.TemplateMode;
import org.thymeleaf.templateresolver.ClassLoaderTemplateResolver;
import org.thymeleaf.web.servlet.JakartaServletWebApplication;

/** The template engine as the application has it, without the application. */
final class PageRenderer {
    static final MessageSource MESSAGES = Wordings.bundle();
    static final Wordings WORDINGS = new Wordings(MESSAGES);
    private final SpringTemplateEngine engine = new SpringTemplateEngine();

    PageRenderer() {
        ClassLoaderTemplateResolver resolver = new ClassLoaderTemplateResolver();
        resolver.setPrefix("templates/");
        resolver.setSuffix(".html");
        resolver.setTemplateMode(TemplateMode.HTML);
        resolver.setCharacterEncoding("UTF-8");
        engine.setTemplateResolver(resolver);
        engine.setMessageSource(MESSAGES);
        engine.setTemplateEngineMessageSource(MESSAGES);
        engine.setLinkBuilder(new SiteLinks(""));
    }

    SpringTemplateEngine engine() {
        return engine;
    }

    String render(String template, Locale locale, Map<String, ?> model) {
        MockServletContext servlets = new MockServletContext();
        var exchange = JakartaServletWebApplication.buildApplication(servlets)
                .buildExchange(new MockHttpServletRequest(servlets), new MockHttpServletResponse());
        Map<String, Object> all = new HashMap<>(model);
        all.put("words", WORDINGS.in(locale));
        all.put(
                "shell",
                new Shell(
                        "IN_PROCESS",
                        true,
                        model.containsKey("stranger") ? null : "anna",
                        "/here",
                        "q=a%26b&lang=en",
                        Samples.NOW.toEpochMilli()));
        all.putIfAbsent("may", new Offers(Caller.admin("anna", Trigger.BUTTON, ""), Subject.INSTALLATION));
        all.putIfAbsent("_csrf", Map.of("headerName", "X-CSRF-TOKEN", "token", "abc\"def", "parameterName", "_csrf"));
        return engine.process(template, new WebContext(exchange, locale, all));
    }
}
