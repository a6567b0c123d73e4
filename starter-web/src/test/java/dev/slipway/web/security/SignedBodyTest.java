package dev.slipway.web.security;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.http.HttpServletRequest;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockFilterChain;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

class SignedBodyTest {
    private static final int LARGEST = 20_000;

    @Test
    @DisplayName("a body of the largest size is kept byte for byte, and nobody after takes it for a form")
    void kept() throws Exception {
        byte[] sent = new byte[LARGEST];
        for (int i = 0; i < sent.length; i++) {
            sent[i] = (byte) i;
        }

        HttpServletRequest after = through(sent);

        assertThat(SignedBody.of(after).bytes()).isEqualTo(sent);
        assertThat(SignedBody.of(after).tooBig()).isFalse();
        assertThat(after.getContentType()).isNull();
        assertThat(after.getHeader("Content-Type")).isEqualTo("application/x-www-form-urlencoded");
    }

    @Test
    @DisplayName("of a body with a byte more nothing is kept, but all of it is read")
    void tooBig() throws Exception {
        HttpServletRequest after = through(new byte[LARGEST + 1]);

        assertThat(SignedBody.of(after)).satisfies(body -> {
            assertThat(body.bytes()).isEmpty();
            assertThat(body.tooBig()).isTrue();
        });
        assertThat(after.getInputStream().read()).isNegative();
    }

    private static HttpServletRequest through(byte[] sent) throws Exception {
        MockHttpServletRequest request = new MockHttpServletRequest("POST", "/signed");
        request.setContentType("application/x-www-form-urlencoded");
        request.setContent(sent);
        MockFilterChain rest = new MockFilterChain();
        SignedBody.reader("signed", "/signed", any -> true, LARGEST)
                .getFilter()
                .doFilter(request, new MockHttpServletResponse(), rest);
        return (HttpServletRequest) rest.getRequest();
    }
}
