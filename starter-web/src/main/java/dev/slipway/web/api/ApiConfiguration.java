package dev.slipway.web.api;

import com.fasterxml.jackson.annotation.Nulls;
import dev.slipway.web.SlipwaySettings;
import dev.slipway.web.problems.ProblemWriter;
import dev.slipway.web.security.SessionCookie;
import io.github.bucket4j.TimeMeter;
import org.apache.catalina.core.StandardHost;
import org.springframework.boot.jackson.autoconfigure.JsonFactoryBuilderCustomizer;
import org.springframework.boot.jackson.autoconfigure.JsonMapperBuilderCustomizer;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.security.web.firewall.HttpFirewall;
import org.springframework.security.web.firewall.StrictHttpFirewall;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.type.LogicalType;

/** How requests of the API are read and counted. */
@Configuration(proxyBeanMethods = false)
class ApiConfiguration {
    @Bean
    RateLimits rateLimits(SlipwaySettings settings) {
        return new RateLimits(settings.api(), TimeMeter.SYSTEM_MILLISECONDS);
    }

    @Bean
    FilterRegistrationBean<AnonymousLimit> anonymousLimit(
            RateLimits limits, SessionCookie sessions, ProblemWriter problems) {
        FilterRegistrationBean<AnonymousLimit> filter =
                new FilterRegistrationBean<>(new AnonymousLimit(limits, sessions, problems));
        filter.addUrlPatterns("/api/*");
        // After the check of the host, before anybody is asked who they are.
        filter.setOrder(Ordered.HIGHEST_PRECEDENCE + 10);
        return filter;
    }

    @Bean
    WebMvcConfigurer countedRequests(RateLimits limits) {
        return new WebMvcConfigurer() {
            @Override
            public void addInterceptors(InterceptorRegistry registry) {
                // Before the rules of access, which ask the database.
                registry.addInterceptor(new QueryRules())
                        .addPathPatterns("/api/**")
                        .order(-20);
                registry.addInterceptor(new RateLimitInterceptor(limits))
                        .addPathPatterns("/api/**")
                        .order(-10);
            }
        };
    }

    /** A name that comes twice is a mistake or an attempt to be read in two ways. */
    @Bean
    JsonFactoryBuilderCustomizer strictJson() {
        return json -> json.enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION);
    }

    /** A number is no text, and a text no number: what was meant is not guessed. A list has no holes. */
    @Bean
    JsonMapperBuilderCustomizer noGuesses() {
        return json -> {
            json.withCoercionConfig(
                    LogicalType.Textual,
                    text -> text.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                            .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                            .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail));
            json.withCoercionConfig(
                    LogicalType.Integer,
                    number -> number.setCoercion(CoercionInputShape.String, CoercionAction.Fail)
                            .setCoercion(CoercionInputShape.EmptyString, CoercionAction.Fail)
                            .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                            .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail));
            json.withCoercionConfig(
                    LogicalType.Boolean,
                    truth -> truth.setCoercion(CoercionInputShape.String, CoercionAction.Fail)
                            .setCoercion(CoercionInputShape.EmptyString, CoercionAction.Fail)
                            .setCoercion(CoercionInputShape.Integer, CoercionAction.Fail));
            json.changeDefaultNullHandling(handling -> handling.withContentNulls(Nulls.FAIL));
            json.withCoercionConfigDefaults(any -> any.setCoercion(CoercionInputShape.EmptyString, CoercionAction.Fail)
                    .setCoercion(CoercionInputShape.EmptyArray, CoercionAction.Fail));
        };
    }

    /** What the server would refuse with a page of its own is refused by us, in the shape of all problems. */
    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> refusalsOfOurOwn() {
        return tomcat -> {
            tomcat.addConnectorCustomizers(connector -> connector.setEncodedSolidusHandling("passthrough"));
            tomcat.addContextCustomizers(context -> {
                if (context.getParent() instanceof StandardHost host) {
                    host.setErrorReportValveClass(ServerRefusals.class.getName());
                }
            });
        };
    }

    /**
     * Addresses and headers are looked at as strictly as ever. Any method goes through: routes name theirs, and what no route
     * has is refused with 405 and those that there are.
     */
    @Bean
    HttpFirewall firewall() {
        StrictHttpFirewall firewall = new StrictHttpFirewall();
        firewall.setUnsafeAllowAnyHttpMethod(true);
        return firewall;
    }
}
