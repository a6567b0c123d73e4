package dev.slipway.web.chat;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Keeps the bytes of a delivery before anybody asks for a parameter, which the choice of a route does: then the container reads
 * the form, and what it makes of it is not what was signed. Asked for the stream once, it does not read a form any more.
 */
final class ChatBody extends OncePerRequestFilter {
    static final int LARGEST = 64 << 10;
    private static final String BYTES = ChatBody.class.getName();

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        InputStream in = request.getInputStream();
        if (request.getContentLengthLong() <= LARGEST) {
            byte[] bytes = in.readNBytes(LARGEST + 1);
            if (bytes.length <= LARGEST) {
                request.setAttribute(BYTES, bytes);
            }
        }
        chain.doFilter(request, response);
    }

    /** {@code null}: there are more than {@link #LARGEST}. */
    static byte @Nullable [] of(HttpServletRequest request) {
        return request.getAttribute(BYTES) instanceof byte[] bytes ? bytes : null;
    }
}
