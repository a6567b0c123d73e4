package dev.slipway.web.shell;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.thymeleaf.context.IExpressionContext;
import org.thymeleaf.context.IWebContext;
import org.thymeleaf.linkbuilder.StandardLinkBuilder;

/** Links of this site, also where no request is at hand: a fragment for an event stream has the same links as its page. */
public final class SiteLinks extends StandardLinkBuilder {
    private final String contextPath;

    public SiteLinks(String contextPath) {
        this.contextPath = contextPath;
    }

    @Override
    protected @Nullable String computeContextPath(
            IExpressionContext context, @Nullable String base, @Nullable Map<String, Object> parameters) {
        return context instanceof IWebContext ? super.computeContextPath(context, base, parameters) : contextPath;
    }
}
