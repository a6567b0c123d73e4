package dev.slipway.web.hooks;

import dev.slipway.web.SlipwaySettings;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Reads the body of a delivery before anything else can: a signature is over the bytes as they came, and containers and frameworks
 * that look for parameters of forms read a body, and rebuild it another way.
 *
 * @param bytes empty when it is too big
 */
record HookBody(byte[] bytes, boolean tooBig) {
    /** Where providers call; the rest of {@code /api/v1/hooks} is for people. */
    static final String PATH = "/api/v1/hooks/{provider:github|gitlab|gitea|forgejo|gitee}/{hook}";

    private static final String ATTRIBUTE = HookBody.class.getName();

    /** So much more of one that is too big is read, so that its sender reads the answer; more than any provider sends. */
    private static final int SWALLOWED = 32 << 20;

    static HookBody of(HttpServletRequest request) {
        return request.getAttribute(ATTRIBUTE) instanceof HookBody body ? body : new HookBody(new byte[0], false);
    }

    static HookBody read(InputStream stream, int largest) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(8192);
        byte[] some = new byte[8192];
        long read = 0;
        for (int n = stream.read(some); n >= 0 && read <= SWALLOWED; n = stream.read(some)) {
            read += n;
            if (read <= largest) {
                bytes.write(some, 0, n);
            } else {
                bytes.reset();
            }
        }
        return read <= largest ? new HookBody(bytes.toByteArray(), false) : new HookBody(new byte[0], true);
    }

    @Configuration(proxyBeanMethods = false)
    static class Filters {
        @Bean
        FilterRegistrationBean<Reader> hookBodies(SlipwaySettings settings) {
            FilterRegistrationBean<Reader> filter = new FilterRegistrationBean<>(
                    new Reader((int) settings.hooks().largest().toBytes()));
            filter.addUrlPatterns("/api/v1/hooks/*");
            filter.setOrder(Ordered.HIGHEST_PRECEDENCE + 10);
            return filter;
        }
    }

    static final class Reader extends OncePerRequestFilter {
        private static final int PARTS = "/api/v1/hooks/provider/hook".split("/").length;

        private final int largest;

        Reader(int largest) {
            this.largest = largest;
        }

        @Override
        protected boolean shouldNotFilter(HttpServletRequest request) {
            String[] parts = request.getRequestURI()
                    .substring(request.getContextPath().length())
                    .split("/");
            return !request.getMethod().equals("POST")
                    || parts.length != PARTS
                    || Provider.of(parts[PARTS - 2]).isEmpty();
        }

        @Override
        protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
                throws ServletException, IOException {
            request.setAttribute(ATTRIBUTE, read(request.getInputStream(), largest));
            chain.doFilter(new Read(request), response);
        }
    }

    /** Its body is read: nobody is to look for parts or fields in it. The header stays as it came. */
    private static final class Read extends HttpServletRequestWrapper {
        Read(HttpServletRequest request) {
            super(request);
        }

        @Override
        public @Nullable String getContentType() {
            return null;
        }
    }
}
