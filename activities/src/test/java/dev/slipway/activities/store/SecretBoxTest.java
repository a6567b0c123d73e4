package dev.slipway.activities.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import java.nio.charset.StandardCharsets;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class SecretBoxTest {
    private final SecretBox box = SecretBox.ofBase64(SecretBox.newKey());

    @Test
    @DisplayName("what was sealed opens again, and two seals of one text differ")
    void roundTrip() {
        byte[] first = box.seal(Secret.of("hunter2"), "secret/1");
        byte[] second = box.seal(Secret.of("hunter2"), "secret/1");

        assertThat(box.openSecret(first, "secret/1").reveal()).isEqualTo("hunter2");
        assertThat(first).isNotEqualTo(second);
        assertThat(new String(first, StandardCharsets.ISO_8859_1)).doesNotContain("hunter2");
    }

    @Test
    @DisplayName("another key is refused and both keys are named by id")
    void wrongKey() {
        SecretBox other = SecretBox.ofBase64(SecretBox.newKey());
        byte[] sealed = other.seal(new byte[] {1}, "x");

        assertThatThrownBy(() -> box.open(sealed, "x"))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.problem().arguments())
                                .containsEntry("key", box.keyId())
                                .containsEntry("expected", other.keyId()));
    }

    @Test
    @DisplayName("a changed byte, a shortened value and another context are refused")
    void tampering() {
        byte[] sealed = box.seal(new byte[100], "secret/1");
        for (int i = 0; i < sealed.length; i++) {
            byte[] changed = sealed.clone();
            changed[i] ^= 1;
            refused(() -> box.open(changed, "secret/1"));
        }
        refused(() -> box.open(new byte[0], "secret/1"));
        refused(() -> box.open(java.util.Arrays.copyOf(sealed, sealed.length - 1), "secret/1"));
        refused(() -> box.open(sealed, "secret/2"));
    }

    @Test
    @DisplayName("a secret prints as ***, wherever it is held")
    void prints() {
        record Holder(Secret password) {}

        assertThat(new Holder(Secret.of("hunter2")).toString()).contains("***").doesNotContain("hunter2");
        assertThat(Secret.of("a").matches("a")).isTrue();
        assertThat(Secret.of("a").matches("b")).isFalse();
    }

    private static void refused(ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.problem().code()).isEqualTo(ProblemCode.MASTER_KEY_WRONG));
    }
}
