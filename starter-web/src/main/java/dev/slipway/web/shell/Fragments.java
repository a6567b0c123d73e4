package dev.slipway.web.shell;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.thymeleaf.ITemplateEngine;
import org.thymeleaf.context.Context;

/** Renders one fragment of a template outside of a request, for the event streams. */
public final class Fragments {
    private final ITemplateEngine engine;
    private final Wordings wordings;

    public Fragments(ITemplateEngine engine, Wordings wordings) {
        this.engine = engine;
        this.wordings = wordings;
    }

    public String render(String template, String fragment, Locale locale, Map<String, ?> model) {
        Wording words = wordings.in(locale);
        Map<String, Object> all = new HashMap<>(model);
        all.put("words", words);
        return engine.process(template, Set.of(fragment), new Context(words.locale(), all))
                .strip();
    }

    public Wording words(Locale locale) {
        return wordings.in(locale);
    }
}
