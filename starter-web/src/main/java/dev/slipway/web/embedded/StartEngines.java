package dev.slipway.web.embedded;

import dev.slipway.web.SlipwaySettings;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.handler.NoUnboundElementsBindHandler;
import org.springframework.boot.context.properties.source.UnboundElementsSourceFilter;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/**
 * Reads the settings and lets the engines begin before the first bean is made: PostgreSQL and Temporal start while Spring
 * does. Registered in {@code spring.factories}.
 */
@Order(Ordered.LOWEST_PRECEDENCE)
public final class StartEngines implements ApplicationContextInitializer<ConfigurableApplicationContext> {

    @Override
    public void initialize(ConfigurableApplicationContext context) {
        SlipwaySettings settings = Binder.get(context.getEnvironment())
                .bindOrCreate(
                        "slipway",
                        Bindable.of(SlipwaySettings.class),
                        new NoUnboundElementsBindHandler(
                                new org.springframework.boot.context.properties.bind.handler
                                        .IgnoreTopLevelConverterNotFoundBindHandler(),
                                new UnboundElementsSourceFilter()));
        EmbeddedEngines engines = EmbeddedEngines.begin(settings);
        DefaultListableBeanFactory beans = (DefaultListableBeanFactory) context.getBeanFactory();
        beans.registerSingleton("slipwaySettings", settings);
        beans.registerSingleton("embeddedEngines", engines);
        beans.registerDisposableBean("embeddedEngines", engines::close);
        // A start that fails before the context is refreshed closes no bean.
        SpringApplication.getShutdownHandlers().add(engines::close);
    }
}
