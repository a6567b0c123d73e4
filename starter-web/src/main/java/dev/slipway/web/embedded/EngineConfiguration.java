package dev.slipway.web.embedded;

import com.zaxxer.hikari.HikariDataSource;
import dev.slipway.activities.store.MasterKeyCheck;
import dev.slipway.activities.store.SecretBox;
import dev.slipway.web.SlipwaySettings;
import org.springframework.boot.sql.init.dependency.DependsOnDatabaseInitialization;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The engines as beans: whoever needs one waits for it here. */
@Configuration(proxyBeanMethods = false)
class EngineConfiguration {
    private static final int POOL = 10;

    @Bean(destroyMethod = "close")
    HikariDataSource dataSource(EmbeddedEngines embeddedEngines) {
        HikariDataSource pool = new HikariDataSource();
        pool.setPoolName("store");
        pool.setMaximumPoolSize(POOL);
        pool.setConnectionTimeout(5_000);
        pool.setValidationTimeout(2_000);
        SlipwaySettings.Database database = embeddedEngines.settings().database();
        EmbeddedPostgres embedded = embeddedEngines.postgres();
        if (embedded != null) {
            pool.setJdbcUrl(embedded.url());
            pool.setUsername(embedded.username());
            pool.setPassword(embedded.password().reveal());
        } else {
            pool.setJdbcUrl(database.url());
            pool.setUsername(database.username());
            if (database.password() != null) {
                pool.setPassword(database.password().reveal());
            }
        }
        return pool;
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
