package dev.slipway.web.access;

import dev.slipway.activities.store.ApplicationStore;
import dev.slipway.activities.store.BuildStore;
import dev.slipway.activities.store.EnvironmentStore;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springdoc.core.utils.SpringDocUtils;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.MethodParameter;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/** Puts the rules before all routes, and the caller into their parameters. */
@Configuration(proxyBeanMethods = false)
class AccessConfiguration {
    static {
        SpringDocUtils.getConfig().addRequestWrapperToIgnore(Caller.class);
    }

    @Bean
    RouteRules routeRules(
            Access access, ApplicationStore applications, EnvironmentStore environments, BuildStore builds) {
        return new RouteRules(access, applications, environments, builds);
    }

    @Bean
    WebMvcConfigurer accessRules(ObjectProvider<RouteRules> rules) {
        return new WebMvcConfigurer() {
            @Override
            public void addInterceptors(InterceptorRegistry registry) {
                // After the frame of pages: a refusal is a page too.
                registry.addInterceptor(rules.getObject()).order(1);
            }

            @Override
            public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
                resolvers.add(new CallerArgument());
            }
        };
    }

    /** A new route without a rule is found at start, by every test that starts Slipway. */
    @Bean
    SmartInitializingSingleton everyRouteHasARule(
            @Qualifier("requestMappingHandlerMapping") RequestMappingHandlerMapping routes) {
        return () -> routes.getHandlerMethods().forEach((path, method) -> {
            if (method.getBeanType().getName().startsWith("dev.slipway.")
                    && RouteRules.rule(method).isEmpty()) {
                throw new IllegalStateException(
                        "no rule says who may call " + path + ": annotate " + method + " with @Needs");
            }
        });
    }

    private static final class CallerArgument implements HandlerMethodArgumentResolver {
        @Override
        public boolean supportsParameter(MethodParameter parameter) {
            return parameter.getParameterType() == Caller.class;
        }

        @Override
        public Object resolveArgument(
                MethodParameter parameter,
                @Nullable ModelAndViewContainer container,
                NativeWebRequest request,
                @Nullable WebDataBinderFactory binders) {
            HttpServletRequest http = request.getNativeRequest(HttpServletRequest.class);
            if (http == null) {
                throw new IllegalStateException("no request");
            }
            return Callers.of(http);
        }
    }
}
