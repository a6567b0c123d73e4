package dev.slipway.activities.build;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A build key")
class BuildKeyTest {
    @Test
    @DisplayName("is the same for the same inputs, on every machine")
    void stable() {
        assertThat(BuildKey.of("t", "b", "d", List.of("x")))
                .as("printf 1:t1:b1:d1:x | sha256sum")
                .isEqualTo("aa4f433f9715915fbdac8878cf90176bc1d9aff80ddcf3ff1931cf9657093969");
    }

    @Test
    @DisplayName("differs when any input differs, also when texts run together alike")
    void different() {
        assertThat(List.of(
                        BuildKey.of("t", "b", "d", List.of("x")),
                        BuildKey.of("u", "b", "d", List.of("x")),
                        BuildKey.of("t", "c", "d", List.of("x")),
                        BuildKey.of("t", "b", "", List.of("x")),
                        BuildKey.of("t", "b", "d", List.of()),
                        BuildKey.of("t", "b", "d", List.of("x", "")),
                        BuildKey.of("tb", "", "d", List.of("x")),
                        BuildKey.of("t", "b", "d", List.of("1:x"))))
                .doesNotHaveDuplicates();
    }
}
