package dev.slipway.web.audit;

import dev.slipway.activities.store.SecretBox;
import dev.slipway.activities.store.audit.AuditProof;
import dev.slipway.activities.store.audit.AuditStore;
import dev.slipway.web.embedded.EmbeddedEngines;
import dev.slipway.web.embedded.StorePools;
import jakarta.servlet.DispatcherType;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** Puts the audit before all doors. */
@Configuration(proxyBeanMethods = false)
class AuditConfiguration {
    /** After the rules of the routes: what is refused has not begun. */
    private static final int AFTER_RULES = 10;

    @Bean
    AuditStore auditStore(JdbcClient jdbc, StorePools pools, SecretBox box) {
        return new AuditStore(jdbc, pools.alone("audit"), box);
    }

    @Bean
    AuditProof auditProof(JdbcClient jdbc, SecretBox box, PlatformTransactionManager transactions) {
        return new AuditProof(jdbc, box, transactions);
    }

    @Bean
    AuditWitness auditWitness(AuditStore store, Audit audit, EmbeddedEngines engines) {
        return new AuditWitness(store, audit, engines.data());
    }

    @Bean
    AuditFilter auditFilter(Audit audit) {
        return new AuditFilter(audit);
    }

    @Bean
    FilterRegistrationBean<AuditFilter> auditBeforeAll(AuditFilter filter) {
        FilterRegistrationBean<AuditFilter> first = new FilterRegistrationBean<>(filter);
        first.setOrder(Ordered.HIGHEST_PRECEDENCE);
        first.setDispatcherTypes(DispatcherType.REQUEST);
        return first;
    }

    @Bean
    WebMvcConfigurer auditedRoutes(ObjectProvider<AuditFilter> filter) {
        return new WebMvcConfigurer() {
            @Override
            public void addInterceptors(InterceptorRegistry registry) {
                registry.addInterceptor(filter.getObject().beginnings()).order(AFTER_RULES);
            }
        };
    }
}
