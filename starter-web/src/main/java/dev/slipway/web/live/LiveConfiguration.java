package dev.slipway.web.live;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class LiveConfiguration {
    @Bean
    Broadcaster broadcaster() {
        return new Broadcaster();
    }
}
