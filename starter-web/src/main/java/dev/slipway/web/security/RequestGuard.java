package dev.slipway.web.security;

import dev.slipway.web.problems.ProblemWriter;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Refuses what no client has to send, before anybody looks at it: packed bodies (a small one may unpack to gigabytes), bodies that
 * say themselves that they are too big, and addresses that are no UTF-8 or hold control characters.
 */
final class RequestGuard extends OncePerRequestFilter {
    private final ProblemWriter problems;

    RequestGuard(ProblemWriter problems) {
        this.problems = problems;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        Problem problem = refusal(request);
        if (problem == null) {
            chain.doFilter(request, response);
        } else {
            problems.write(problem, request, response);
        }
    }

    private static @Nullable Problem refusal(HttpServletRequest request) {
        String encoding = request.getHeader("Content-Encoding");
        if (encoding != null && !encoding.strip().toLowerCase(Locale.ROOT).equals("identity")) {
            return Problem.of(ProblemCode.REQUEST_ENCODED, "Content-Encoding");
        }
        long limit = BodyLimits.of(request.getRequestURI());
        if (request.getContentLengthLong() > limit) {
            return BodyLimits.tooBig(limit);
        }
        if (!isText(request.getRequestURI()) || !isText(request.getQueryString())) {
            return Problem.of(
                    ProblemCode.REQUEST_INVALID, "", "reason", "the address is not UTF-8 or holds control characters");
        }
        return null;
    }

    /** @param raw as it came, with its percent signs */
    static boolean isText(@Nullable String raw) {
        if (raw == null) {
            return true;
        }
        ByteBuffer bytes = ByteBuffer.allocate(raw.length() * 3);
        for (int i = 0; i < raw.length(); i++) {
            char letter = raw.charAt(i);
            int high = letter == '%' && i + 2 < raw.length() ? Character.digit(raw.charAt(i + 1), 16) : -1;
            int low = high >= 0 ? Character.digit(raw.charAt(i + 2), 16) : -1;
            if (letter == '%' && low < 0) {
                return false;
            }
            int value = low >= 0 ? high * 16 + low : letter;
            if (value > 0xFF || value == 0 || (value < 0x20 && value != '\t' && value != '\n' && value != '\r')) {
                return false;
            }
            bytes.put((byte) value);
            i += low >= 0 ? 2 : 0;
        }
        try {
            StandardCharsets.UTF_8.newDecoder().decode(bytes.flip());
            return true;
        } catch (CharacterCodingException notUtf8) {
            return false;
        }
    }
}
