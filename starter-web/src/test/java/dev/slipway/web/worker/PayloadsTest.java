package dev.slipway.web.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.activities.store.SecretBox;
import dev.slipway.workflows.problem.ProblemException;
import io.temporal.api.common.v1.Payload;
import io.temporal.common.converter.DataConverter;
import io.temporal.failure.ApplicationFailure;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class PayloadsTest {
    private final SecretBox box = SecretBox.ofBase64(SecretBox.newKey());
    private final DataConverter converter = Payloads.converter(box);

    record Order(String name, int count) {}

    @Test
    @DisplayName("what is sent comes back, and is not readable on the way; the key is named, not told")
    void sealed() {
        Payload payload = converter.toPayload(new Order("hunter2", 3)).orElseThrow();

        assertThat(new String(payload.toByteArray(), StandardCharsets.ISO_8859_1))
                .doesNotContain("hunter2");
        assertThat(payload.getMetadataMap().get("encryption-key-id").toStringUtf8())
                .isEqualTo(box.keyId());
        assertThat(converter.fromPayload(payload, Order.class, Order.class)).isEqualTo(new Order("hunter2", 3));
    }

    @Test
    @DisplayName("fields of a later version are passed over")
    void tolerant() {
        Payload payload = converter
                .toPayload(Map.of("name", "a", "count", 1, "later", true))
                .orElseThrow();

        assertThat(converter.fromPayload(payload, Order.class, Order.class)).isEqualTo(new Order("a", 1));
    }

    @Test
    @DisplayName("above 256 KiB is refused for good, just below passes")
    void tooBig() {
        assertThat(converter.toPayload("x".repeat(SizeGuardCodec.LIMIT_BYTES - 1_000)))
                .isPresent();
        assertThatThrownBy(() -> converter.toPayload("x".repeat(SizeGuardCodec.LIMIT_BYTES)))
                .isInstanceOfSatisfying(ApplicationFailure.class, failure -> {
                    assertThat(failure.getType()).isEqualTo("SLP-RUN-TOO-BIG");
                    assertThat(failure.isNonRetryable()).isTrue();
                });
    }

    @Test
    @DisplayName("messages of failures are sealed too, and another key opens nothing")
    void failures() {
        var failure = converter.exceptionToFailure(ApplicationFailure.newFailure("password hunter2 refused", "X"));
        Payload payload = converter.toPayload("secret").orElseThrow();
        DataConverter other = Payloads.converter(SecretBox.ofBase64(SecretBox.newKey()));

        assertThat(failure.toString()).doesNotContain("hunter2");
        assertThat(converter.failureToException(failure)).hasMessageContaining("hunter2");
        assertThatThrownBy(() -> other.fromPayload(payload, String.class, String.class))
                .isInstanceOf(ProblemException.class);
    }
}
