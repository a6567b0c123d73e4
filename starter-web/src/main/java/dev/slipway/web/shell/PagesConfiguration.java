package dev.slipway.web.shell;

import dev.slipway.activities.store.ClusterStore;
import dev.slipway.activities.store.ClusterStore.StoredCluster;
import dev.slipway.web.SlipwaySettings;
import dev.slipway.web.embedded.EmbeddedEngines;
import dev.slipway.web.embedded.TemporalEngine;
import dev.slipway.web.shell.Installation.ClusterChoice;
import java.time.Duration;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.context.MessageSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.servlet.LocaleResolver;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import org.springframework.web.servlet.i18n.CookieLocaleResolver;
import org.springframework.web.servlet.i18n.LocaleChangeInterceptor;
import org.thymeleaf.ITemplateEngine;
import org.thymeleaf.spring6.SpringTemplateEngine;

/** Language, words and frame of the pages. */
@Configuration(proxyBeanMethods = false)
class PagesConfiguration {
    private static final Duration A_YEAR = Duration.ofDays(365);

    @Bean
    MessageSource messageSource() {
        return Wordings.bundle();
    }

    @Bean
    Wordings wordings(MessageSource messageSource) {
        return new Wordings(messageSource);
    }

    /** What the reader chose before, else what the browser asks for. */
    @Bean
    LocaleResolver localeResolver(SlipwaySettings settings) {
        CookieLocaleResolver resolver = new CookieLocaleResolver("slipway-language");
        resolver.setCookieMaxAge(A_YEAR);
        resolver.setCookieHttpOnly(true);
        resolver.setCookieSameSite("Lax");
        resolver.setCookieSecure(settings.tls().isOn());
        resolver.setRejectInvalidCookies(false);
        resolver.setDefaultLocaleFunction(request -> Wordings.spoken(request.getLocale()));
        return resolver;
    }

    @Bean
    Installation installation(SlipwaySettings settings, TemporalEngine engine, ClusterStore added) {
        List<ClusterChoice> clusters = settings.clusters().isEmpty()
                ? List.of(new ClusterChoice(EmbeddedEngines.SIMULATED_CLUSTER, true))
                : settings.clusters().stream()
                        .map(cluster -> new ClusterChoice(cluster.name(), false))
                        .toList();
        return new Installation(
                engine.kind().name(),
                clusters,
                () -> added.all().stream()
                        .filter(StoredCluster::accepted)
                        .map(StoredCluster::name)
                        .toList());
    }

    @Bean
    Fragments fragments(ITemplateEngine engine, Wordings wordings) {
        return new Fragments(engine, wordings);
    }

    @Bean
    static BeanPostProcessor siteLinks(@Value("${server.servlet.context-path:}") String contextPath) {
        return new BeanPostProcessor() {
            @Override
            public Object postProcessBeforeInitialization(Object bean, String name) {
                if (bean instanceof SpringTemplateEngine engine) {
                    engine.setLinkBuilder(new SiteLinks(contextPath));
                }
                return bean;
            }
        };
    }

    @Bean
    WebMvcConfigurer frame(Wordings wordings, ObjectProvider<Installation> installation) {
        return new WebMvcConfigurer() {
            @Override
            public void addInterceptors(InterceptorRegistry registry) {
                LocaleChangeInterceptor language = new LocaleChangeInterceptor();
                language.setParamName("lang");
                language.setIgnoreInvalidLocale(true);
                registry.addInterceptor(language).excludePathPatterns("/api/**");
                registry.addInterceptor(new ShellInterceptor(wordings, installation.getObject()))
                        .excludePathPatterns("/api/**");
            }
        };
    }
}
