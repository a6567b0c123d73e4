package dev.slipway.web.security;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.core.Ordered;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * The bytes of a body as they came, read before anything else can: a signature is over them, and containers and frameworks that
 * look for parameters of forms read a body, and rebuild it another way.
 *
 * @param bytes empty when it is too big
 */
public record SignedBody(byte[] bytes, boolean tooBig) {
    private static final String ATTRIBUTE = SignedBody.class.getName();

    /** Behind what refuses requests by their headers alone. */
    private static final int ORDER = Ordered.HIGHEST_PRECEDENCE + 25;

    /** Of a route whose bodies are {@link #reader kept}; of another one it is empty. */
    public static SignedBody of(HttpServletRequest request) {
        return request.getAttribute(ATTRIBUTE) instanceof SignedBody body ? body : new SignedBody(new byte[0], false);
    }

    /**
     * Keeps bodies.
     *
     * @param name of the filter
     * @param pattern of the addresses
     * @param which of the requests to them
     * @param largest so many bytes; of more, up to what {@link BodyLimits} lets in, none is kept, but they are read, so that their
     *     sender reads the answer
     */
    public static FilterRegistrationBean<Filter> reader(
            String name, String pattern, Predicate<HttpServletRequest> which, long largest) {
        FilterRegistrationBean<Filter> early = new FilterRegistrationBean<>(new Reader(which, largest));
        early.setName(name);
        early.addUrlPatterns(pattern);
        early.setOrder(ORDER);
        return early;
    }

    static SignedBody read(InputStream stream, long largest) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(8192);
        byte[] some = new byte[8192];
        long read = 0;
        for (int n = stream.read(some); n >= 0; n = stream.read(some)) {
            read += n;
            if (read <= largest) {
                bytes.write(some, 0, n);
            } else {
                bytes.reset();
            }
        }
        return new SignedBody(bytes.toByteArray(), read > largest);
    }

    private static final class Reader extends OncePerRequestFilter {
        private final Predicate<HttpServletRequest> which;
        private final long largest;

        Reader(Predicate<HttpServletRequest> which, long largest) {
            this.which = which;
            this.largest = largest;
        }

        @Override
        protected boolean shouldNotFilter(HttpServletRequest request) {
            return !which.test(request);
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
