package dev.slipway.web.embedded;

import dev.slipway.activities.store.MasterKeyCheck;
import dev.slipway.activities.store.SecretBox;
import org.springframework.boot.sql.init.dependency.DependsOnDatabaseInitialization;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The engines as beans: whoever needs one waits for it here. */
@Configuration(proxyBeanMethods = false)
class EngineConfiguration {
    @Bean
    StorePools dataSource(EmbeddedEngines embeddedEngines) {
        return new StorePools(embeddedEngines);
    }

    /** Usable only after the key was proved to be the one that this database was sealed with. */
    @Bean
    @DependsOnDatabaseInitialization
    SecretBox secretBox(EmbeddedEngines embeddedEngines, JdbcClient jdbc) {
        SecretBox box = embeddedEngines.secretBox();
        MasterKeyCheck.prove(box, jdbc);
        return box;
    }

    /** Closed with the other engines, after the workers. */
    @Bean(destroyMethod = "")
    TemporalEngine temporalEngine(EmbeddedEngines embeddedEngines) {
        return embeddedEngines.temporal();
    }
}
