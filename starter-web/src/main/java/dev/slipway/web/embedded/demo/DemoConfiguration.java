package dev.slipway.web.embedded.demo;

import dev.slipway.activities.git.GitSource;
import dev.slipway.activities.image.ImageComposer;
import dev.slipway.activities.registry.RegistryClient;
import dev.slipway.activities.store.ApplicationStore;
import dev.slipway.activities.store.EnvironmentStore;
import dev.slipway.web.SlipwaySettings;
import dev.slipway.web.embedded.EmbeddedEngines;
import org.springframework.boot.ApplicationRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The demo is offered where the cluster is the simulated one, unless it is switched off: a real cluster is not touched unasked. */
@Configuration(proxyBeanMethods = false)
class DemoConfiguration {
    @Bean
    ApplicationRunner demo(
            SlipwaySettings settings,
            EmbeddedEngines engines,
            GitSource git,
            RegistryClient ownRegistry,
            ImageComposer composer,
            ApplicationStore applications,
            EnvironmentStore environments) {
        return arguments -> {
            if (settings.demo() && engines.cluster() != null) {
                new Demo(git, ownRegistry, composer, applications, environments)
                        .setUp(engines.data().folder("demo").resolve("storefront"), EmbeddedEngines.SIMULATED_CLUSTER);
            }
        };
    }
}
