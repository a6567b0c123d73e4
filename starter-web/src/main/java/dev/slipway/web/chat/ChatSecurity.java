package dev.slipway.web.chat;

import dev.slipway.web.security.SignedBody;
import jakarta.servlet.Filter;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.web.SecurityFilterChain;

/** A chat has no bearer token and no session: its deliveries are verified by {@link ChatEndpoint}. */
@Configuration(proxyBeanMethods = false)
class ChatSecurity {
    static final long LARGEST = 64 << 10;

    @Bean
    FilterRegistrationBean<Filter> chatBodies() {
        return SignedBody.reader("chatBodies", "/api/v1/chat/*", any -> true, LARGEST);
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
