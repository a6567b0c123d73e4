package dev.slipway.web.security;

import dev.slipway.activities.store.CredentialStore;
import dev.slipway.activities.store.PersonStore;
import dev.slipway.web.SlipwaySettings;
import dev.slipway.web.SlipwaySettings.Role;
import dev.slipway.web.problems.ProblemWriter;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Clock;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpMethod;
import org.springframework.security.authentication.AnonymousAuthenticationToken;
import org.springframework.security.authorization.AuthorizationDecision;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.annotation.web.configurers.HeadersConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.authentication.AnonymousAuthenticationFilter;
import org.springframework.security.web.context.NullSecurityContextRepository;
import org.springframework.security.web.csrf.CookieCsrfTokenRepository;
import org.springframework.security.web.csrf.CsrfFilter;
import org.springframework.security.web.header.writers.CrossOriginOpenerPolicyHeaderWriter.CrossOriginOpenerPolicy;
import org.springframework.security.web.header.writers.ReferrerPolicyHeaderWriter.ReferrerPolicy;
import org.springframework.security.web.savedrequest.RequestCache;

/** Three doors: the API (token), what anybody may read, the pages (session, CSRF token). All send the same strict headers. */
@Configuration(proxyBeanMethods = false)
class SecurityConfiguration {
    /** Nothing from elsewhere, nothing inline; {@code data:} images are the icons inside the style sheet. */
    static final String CONTENT_SECURITY_POLICY =
            "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; "
                    + "frame-ancestors 'none'";

    /** Let in by the signature over their body. */
    private static final String SIGNED =
            "/api/v1/hooks/{provider:github|gitlab|gitea|forgejo|gitee}/{hook:[0-9][0-9a-z]+}";

    private static final String[] OPEN = {
        "/actuator/health/**",
        "/v3/api-docs/**",
        "/v3/api-docs.yaml",
        "/webjars/**",
        "/assets/**",
        "/css/**",
        "/js/**",
        "/img/**",
        "/images/**",
        "/icons/**",
        "/fonts/**",
        "/favicon.ico",
        "/favicon.svg"
    };

    @Bean
    SignInThrottle signInThrottle() {
        return new SignInThrottle(Clock.systemUTC());
    }

    @Bean
    FilterRegistrationBean<KnownHosts> knownHosts(SlipwaySettings settings, ProblemWriter problems) {
        FilterRegistrationBean<KnownHosts> first =
                new FilterRegistrationBean<>(new KnownHosts(settings.hosts(), problems));
        // Behind the audit, which writes down what is refused here too.
        first.setOrder(Ordered.HIGHEST_PRECEDENCE + 10);
        return first;
    }

    @Bean
    FilterRegistrationBean<SetupFirst> setupFirst(
            SlipwaySettings settings, PersonStore people, ProblemWriter problems) {
        FilterRegistrationBean<SetupFirst> second = new FilterRegistrationBean<>(SetupFirst.of(
                people, settings.security().setupFrom(), settings.security().bootstrapToken(), problems));
        second.setOrder(Ordered.HIGHEST_PRECEDENCE + 11);
        return second;
    }

    @Bean
    FilterRegistrationBean<RequestGuard> requestGuard(ProblemWriter problems) {
        FilterRegistrationBean<RequestGuard> second = new FilterRegistrationBean<>(new RequestGuard(problems));
        second.setOrder(Ordered.HIGHEST_PRECEDENCE + 20);
        return second;
    }

    @Bean
    RequestCache wantedPages(SlipwaySettings settings) {
        return new WantedPage(settings.port());
    }

    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> bodies() {
        return server -> server.addContextValves(new BodyValve());
    }

    @Bean
    @Order(1)
    SecurityFilterChain api(
            HttpSecurity http,
            SlipwaySettings settings,
            SessionCookie cookie,
            CredentialStore credentials,
            SignInThrottle throttle,
            ProblemWriter problems) {
        headers(http.securityMatcher("/api/**"))
                .csrf(AbstractHttpConfigurer::disable)
                .logout(AbstractHttpConfigurer::disable)
                .requestCache(AbstractHttpConfigurer::disable)
                .sessionManagement(session -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .addFilterBefore(new SessionFilter(cookie, credentials, true), AnonymousAuthenticationFilter.class)
                .addFilterBefore(
                        new BearerFilter(settings.security().bootstrapToken(), credentials, throttle, problems),
                        AnonymousAuthenticationFilter.class)
                .exceptionHandling(refusals -> refusals.authenticationEntryPoint((request, response, e) -> {
                            response.setHeader("WWW-Authenticate", "Bearer");
                            problems.write(Problem.of(ProblemCode.SIGN_IN_REQUIRED, ""), request, response);
                        })
                        .accessDeniedHandler((request, response, e) ->
                                problems.write(Problem.of(ProblemCode.FORBIDDEN, ""), request, response)))
                .authorizeHttpRequests(requests -> requests.dispatcherTypeMatchers(
                                DispatcherType.ASYNC, DispatcherType.ERROR, DispatcherType.FORWARD)
                        .permitAll()
                        .requestMatchers(HttpMethod.POST, SIGNED)
                        .access((who, request) -> new AuthorizationDecision(settings.hasRole(Role.WEB)))
                        .anyRequest()
                        .access((who, request) -> decision(settings, who.get())));
        return http.build();
    }

    @Bean
    @Order(2)
    SecurityFilterChain open(HttpSecurity http) {
        headers(http.securityMatcher(OPEN))
                .csrf(AbstractHttpConfigurer::disable)
                .logout(AbstractHttpConfigurer::disable)
                .requestCache(AbstractHttpConfigurer::disable)
                .sessionManagement(session -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .headers(headers -> headers.cacheControl(HeadersConfigurer.CacheControlConfig::disable))
                .authorizeHttpRequests(requests -> requests.anyRequest().permitAll());
        return http.build();
    }

    @Bean
    @Order(3)
    SecurityFilterChain pages(
            HttpSecurity http,
            SlipwaySettings settings,
            SessionCookie cookie,
            CredentialStore credentials,
            RequestCache wanted,
            ProblemWriter problems) {
        headers(http)
                .requestCache(cache -> cache.requestCache(wanted))
                .csrf(csrf -> csrf.csrfTokenRepository(csrfTokens(settings)))
                // Spring's session management would renew the CSRF token with every answer.
                .sessionManagement(AbstractHttpConfigurer::disable)
                .securityContext(context -> context.securityContextRepository(new NullSecurityContextRepository()))
                .addFilterBefore(new SameSite(problems), CsrfFilter.class)
                .addFilterBefore(new SessionFilter(cookie, credentials, false), CsrfFilter.class)
                .logout(logout -> logout.logoutUrl("/sign-out")
                        .addLogoutHandler((request, response, who) -> cookie.end(request, response))
                        .logoutSuccessUrl("/sign-in"))
                .exceptionHandling(refusals -> refusals.authenticationEntryPoint(
                                (request, response, e) -> toSignIn(request, response))
                        .accessDeniedHandler((request, response, e) -> {
                            // A form of an ended session fails at its CSRF token before anybody asks who sent it.
                            if (isNobody(SecurityContextHolder.getContext().getAuthentication())) {
                                toSignIn(request, response);
                            } else {
                                response.sendError(HttpServletResponse.SC_FORBIDDEN);
                            }
                        }))
                .authorizeHttpRequests(requests -> requests.dispatcherTypeMatchers(
                                DispatcherType.ASYNC, DispatcherType.ERROR, DispatcherType.FORWARD)
                        .permitAll()
                        .requestMatchers("/sign-in", "/sign-in/*", "/error")
                        .permitAll()
                        .anyRequest()
                        .access((who, request) -> decision(settings, who.get())));
        return http.build();
    }

    private static CookieCsrfTokenRepository csrfTokens(SlipwaySettings settings) {
        CookieCsrfTokenRepository tokens = new CookieCsrfTokenRepository();
        tokens.setCookieName("slipway-csrf-" + settings.port());
        tokens.setCookiePath("/");
        tokens.setCookieCustomizer(cookie -> cookie.httpOnly(true).sameSite("Lax"));
        return tokens;
    }

    /** A process without the web role answers health and nothing else. */
    private static AuthorizationDecision decision(SlipwaySettings settings, @Nullable Authentication who) {
        return new AuthorizationDecision(
                settings.hasRole(Role.WEB) && !isNobody(who) && who != null && who.isAuthenticated());
    }

    private static boolean isNobody(@Nullable Authentication who) {
        return who == null || who instanceof AnonymousAuthenticationToken;
    }

    static boolean isPageVisit(HttpServletRequest request) {
        String accept = request.getHeader("Accept");
        return request.getMethod().equals("GET")
                && accept != null
                && accept.contains("text/html")
                && request.getHeader("HX-Request") == null;
    }

    /** A fragment cannot show the sign-in page: the whole page has to go there. */
    private static void toSignIn(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (request.getHeader("HX-Request") != null) {
            response.setHeader("HX-Redirect", "/sign-in");
            response.setStatus(HttpServletResponse.SC_UNAUTHORIZED);
        } else {
            response.sendRedirect("/sign-in");
        }
    }

    private static HttpSecurity headers(HttpSecurity http) {
        return http.httpBasic(AbstractHttpConfigurer::disable)
                .formLogin(AbstractHttpConfigurer::disable)
                .headers(headers -> headers.contentSecurityPolicy(
                                policy -> policy.policyDirectives(CONTENT_SECURITY_POLICY))
                        .referrerPolicy(policy -> policy.policy(ReferrerPolicy.SAME_ORIGIN))
                        .frameOptions(HeadersConfigurer.FrameOptionsConfig::deny)
                        .crossOriginOpenerPolicy(policy -> policy.policy(CrossOriginOpenerPolicy.SAME_ORIGIN)));
    }
}
