package dev.slipway.web.logs;

import dev.slipway.activities.kubernetes.log.ComponentLogs;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class LogConfiguration {
    @Bean
    ComponentLogs componentLogs() {
        return new ComponentLogs();
    }
}
