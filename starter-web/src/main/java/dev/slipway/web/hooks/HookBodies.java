package dev.slipway.web.hooks;

import dev.slipway.web.SlipwaySettings;
import dev.slipway.web.security.SignedBody;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Of the addresses of hooks only those that providers call have signed bodies; the rest is for people. */
@Configuration(proxyBeanMethods = false)
class HookBodies {
    private static final int PARTS = "/api/v1/hooks/provider/hook".split("/").length;

    @Bean
    FilterRegistrationBean<Filter> deliveredBodies(SlipwaySettings settings) {
        return SignedBody.reader(
                "deliveredBodies",
                "/api/v1/hooks/*",
                HookBodies::isDelivery,
                settings.hooks().largest().toBytes());
    }

    private static boolean isDelivery(HttpServletRequest request) {
        String[] parts = request.getRequestURI()
                .substring(request.getContextPath().length())
                .split("/");
        return request.getMethod().equals("POST")
                && parts.length == PARTS
                && Provider.of(parts[PARTS - 2]).isPresent();
    }
}
