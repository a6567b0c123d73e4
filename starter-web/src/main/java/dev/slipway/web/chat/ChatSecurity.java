package dev.slipway.web.chat;

import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.web.SecurityFilterChain;

/** A chat has no bearer token and no session: its deliveries are verified by {@link ChatEndpoint}. */
@Configuration(proxyBeanMethods = false)
class ChatSecurity {
    @Bean
    FilterRegistrationBean<ChatBody> chatBody() {
        FilterRegistrationBean<ChatBody> early = new FilterRegistrationBean<>(new ChatBody());
        early.addUrlPatterns("/api/v1/chat/*");
        early.setOrder(Ordered.HIGHEST_PRECEDENCE + 5);
        return early;
    }

    @Bean
    @Order(0)
    SecurityFilterChain signedCommands(HttpSecurity http) {
        return http.securityMatcher("/api/v1/chat/*")
                .csrf(AbstractHttpConfigurer::disable)
                .logout(AbstractHttpConfigurer::disable)
                .httpBasic(AbstractHttpConfigurer::disable)
                .formLogin(AbstractHttpConfigurer::disable)
                .requestCache(AbstractHttpConfigurer::disable)
                .sessionManagement(session -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .authorizeHttpRequests(requests -> requests.anyRequest().permitAll())
                .build();
    }
}
