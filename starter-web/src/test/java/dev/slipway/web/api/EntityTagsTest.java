package dev.slipway.web.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EntityTagsTest {
    @Test
    @DisplayName("a tag changes with what is edited and with what is shown")
    void tags() {
        assertThat(EntityTags.tag("7", "a")).matches("\"7-[0-9a-f]{16}\"").isEqualTo(EntityTags.tag("7", "a"));
        assertThat(EntityTags.tag("7", "b")).isNotEqualTo(EntityTags.tag("7", "a"));
        assertThat(EntityTags.tag("8", "a")).isNotEqualTo(EntityTags.tag("7", "a"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"*", "\"7-0123456789abcdef\"", "\"7\"", "7", "\"6-0\", \"7-1\"", " \"7\" "})
    @DisplayName("a writer who saw what is edited may write, whatever else was shown")
    void same(String seen) {
        assertThatCode(() -> EntityTags.require(seen, "7", "shop")).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"6-0123456789abcdef\"", "\"77\"", "W/\"7-1\"", "\"\"", "\"-7\"", "nonsense", ","})
    @DisplayName("a writer who saw something else, or a weak tag, may not")
    void other(String seen) {
        assertThatThrownBy(() -> EntityTags.require(seen, "7", "shop"))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        refused -> assertThat(refused.problem().code()).isEqualTo(ProblemCode.REQUEST_CHANGED));
    }

    @Test
    @DisplayName("a writer who does not say what they saw is asked to, where it is needed")
    void missing() {
        assertThatThrownBy(() -> EntityTags.require(null, "7", "shop"))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        refused -> assertThat(refused.problem().code()).isEqualTo(ProblemCode.REQUEST_PRECONDITION));
        assertThatCode(() -> EntityTags.optional(null, "7", "shop")).doesNotThrowAnyException();
    }
}
